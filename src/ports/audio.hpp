#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "domain/silence.hpp"
#include "ports/async.hpp"

namespace mlbilling {

/// Mono PCM, signed 16 bit.
struct Sound {
    int sample_rate = 16'000;
    std::vector<std::int16_t> samples;

    /// Length in ms, the last started one counted.
    Duration duration() const {
        const auto count = static_cast<std::int64_t>(samples.size());
        return Duration((count * 1000 + sample_rate - 1) / sample_rate);
    }
};

/// A sound that nobody changes any more and several may hold: copies share the samples, which hours
/// of would be hundreds of megabytes. What the process has reserved for them (MemoryBudget) goes
/// back with the last copy.
class SharedSound {
  public:
    SharedSound() = default;
    // Whoever makes a sound need not know who shares it.
    // NOLINTNEXTLINE(google-explicit-constructor)
    SharedSound(Sound sound) : sound_(std::make_shared<const Sound>(std::move(sound))) {}
    explicit SharedSound(std::shared_ptr<const Sound> sound) : sound_(std::move(sound)) {}

    bool empty() const { return samples().empty(); }
    std::span<const std::int16_t> samples() const {
        return sound_ ? std::span<const std::int16_t>(sound_->samples)
                      : std::span<const std::int16_t>();
    }
    int sample_rate() const { return sound_ ? sound_->sample_rate : Sound().sample_rate; }
    Duration duration() const { return sound_ ? sound_->duration() : Duration(0); }
    /// The same with samples of its own, which nothing is reserved for.
    Sound copy() const { return sound_ ? *sound_ : Sound(); }

  private:
    std::shared_ptr<const Sound> sound_;
};

/// What a sound that is not decoded yet is made of. Throws Unavailable like AudioCodec.
class SoundSource {
  public:
    virtual ~SoundSource() = default;

    /// 16 kHz mono.
    virtual Async<SharedSound> samples() = 0;
    /// Whether nothing in it can be heard (domain/silence.hpp); decodes no more than it must.
    virtual Async<bool> is_silent() = 0;
};

/// The sound of a recording. Its length is known; its samples may be decoded only when somebody
/// asks for them.
class RecordedSound {
  public:
    RecordedSound() = default;
    // Who has samples need not know that others have none.
    // NOLINTNEXTLINE(google-explicit-constructor)
    RecordedSound(SharedSound sound) : duration_(sound.duration()), sound_(std::move(sound)) {}
    // NOLINTNEXTLINE(google-explicit-constructor)
    RecordedSound(Sound sound) : RecordedSound(SharedSound(std::move(sound))) {}
    RecordedSound(Duration duration, std::shared_ptr<SoundSource> source)
        : duration_(duration), source_(std::move(source)) {}

    Duration duration() const { return duration_; }
    bool empty() const { return duration_ == Duration(0); }
    Async<SharedSound> samples() const { return samples_of(source_, sound_); }
    Async<bool> is_silent() const { return silence_of(source_, sound_); }

  private:
    static Async<SharedSound> samples_of(std::shared_ptr<SoundSource> source, SharedSound sound) {
        if (source) co_return co_await source->samples();
        co_return sound;
    }
    static Async<bool> silence_of(std::shared_ptr<SoundSource> source, SharedSound sound) {
        if (source) co_return co_await source->is_silent();
        co_return mlbilling::is_silent(sound.samples(), sound.sample_rate());
    }

    Duration duration_{};
    SharedSound sound_;
    std::shared_ptr<SoundSource> source_;
};

/// Why a recording cannot be read; each has a text for the user.
enum class UnusableAudio { not_audio, too_long, damaged };

/// What one encoding run makes: an Ogg/Opus file that Telegram shows as a voice message.
struct EncodedVoice {
    std::string ogg_opus;
    Duration duration{};
};

/// What decode() makes of a file.
struct DecodedAudio {
    SharedSound sound;
    /// The file itself when it is one stream of mono Ogg/Opus and nothing else, so that whoever is
    /// given it hears what was measured; else empty.
    std::string ogg_opus;
};

/// A recording that is to be measured.
struct Examination {
    std::string bytes;
    /// More is refused, however small the file is.
    Duration longest{};
    /// Whose it is. Of one owner's recordings one is decoded at a time.
    std::string owner;
    /// Asked when the length can only be found out by decoding, before that is done: no more than
    /// this is decoded, in the end. Absent: `longest`.
    std::function<Async<Duration>()> worth_decoding;
};

/// What examine() makes of a file.
struct Recording {
    RecordedSound sound;
    /// As in DecodedAudio.
    std::string ogg_opus;
};

struct UnusableRecording {
    UnusableAudio why{};
    /// `too_long`: what it is longer than.
    Duration limit{};
};

/// What inspect() finds: the voice that it was given, with the duration as it will be played.
struct InspectedVoice {
    EncodedVoice voice;
    /// Nothing in it can be heard.
    bool silent = false;
};

/// Measures what a decoder gives, never what a header or a sender claims (Money rule 6). Works off
/// the event loop; bounded in time, memory and samples, those of all sounds together that decode()
/// has given out included. Throws Unavailable when a decoder cannot start, or the sounds of others
/// left no room for too long.
class AudioCodec {
  public:
    virtual ~AudioCodec() = default;

    /// Decodes any container that ffmpeg knows to 16 kHz mono; `too_long` as soon as more than
    /// `longest` comes out, however small the file is.
    virtual Async<std::variant<DecodedAudio, UnusableAudio>> decode(std::string bytes,
                                                                    Duration longest) = 0;
    /// Measures a recording: Ogg/Opus that contradicts itself nowhere by walking its packets, which
    /// gives the same as decoding it, everything else by decoding. What is too long by its packets
    /// is refused undecoded.
    virtual Async<std::variant<Recording, UnusableRecording>> examine(Examination request) = 0;
    virtual Async<EncodedVoice> encode(SharedSound sound) = 0;
    /// Measures a voice that somebody else has encoded by walking its packets, and decodes only
    /// until something can be heard. `damaged` unless it is intact Ogg/Opus; streams in a row come
    /// back as one.
    virtual Async<std::variant<InspectedVoice, UnusableAudio>> inspect(std::string ogg_opus) = 0;
    /// One stream that plays the voices one after the other, without decoding them. Each may itself
    /// be several streams in a row. `damaged` when one of them is no Ogg/Opus of one or two
    /// channels. At each seam the end of the last packet and the beginning of the next stream are
    /// heard that a player would drop of each alone, some 30 ms.
    virtual Async<std::variant<EncodedVoice, UnusableAudio>> join(
        std::vector<std::string> voices) = 0;
};

}  // namespace mlbilling
