#include "adapters/audio/local_audio_codec.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "adapters/audio/container.hpp"
#include "adapters/audio/opus_reader.hpp"
#include "adapters/audio/opus_recording.hpp"
#include "adapters/audio/opus_voice.hpp"
#include "adapters/audio/opus_writer.hpp"
#include "base/unavailable.hpp"
#include "domain/silence.hpp"

namespace mlbilling::audio {

using work_threads::Stop;

namespace {

using Share = DecodingLine::Memory;
using Inspected = std::variant<InspectedVoice, UnusableAudio>;
using Joined = std::variant<EncodedVoice, UnusableAudio>;
using Examined = std::variant<Recording, UnusableRecording>;

/// Bytes of Opus hold at most some 20 minutes a megabyte, decoded 100 times faster than real time.
constexpr Duration longest_inspection{60'000};
/// What a speech recogniser is given.
constexpr int fine_rate = 16'000;

/// Of 16 kHz mono, with what is decoded beyond the limit before that is seen.
std::size_t bytes_of(Duration sound) {
    constexpr Duration beyond{5'000};
    return static_cast<std::size_t>((sound + beyond).count()) * 16 * sizeof(std::int16_t);
}

/// The sound with what is reserved for it, which is no more than it needs from here on.
SharedSound kept(Sound sound, Share share) {
    struct Kept {
        Sound sound;
        Share share;
    };
    auto& samples = sound.samples;
    if (samples.size() < samples.capacity() / 2) samples.shrink_to_fit();
    share->shrink_to(samples.size() * sizeof(std::int16_t));
    const auto both = std::make_shared<const Kept>(std::move(sound), std::move(share));
    return SharedSound(std::shared_ptr<const Sound>(both, &both->sound));
}

struct Read {
    std::variant<Sound, UnusableAudio> sound;
    bool is_plain = false;
};

/// Nothing when it is for ffmpeg after all.
std::optional<Read> read_whole(const std::string& bytes, Duration longest, const Stop& stop) {
    if (const auto walked = walk_opus(bytes)) {
        if (walked->duration > longest) return Read{UnusableAudio::too_long};
        return Read{decode_opus(bytes, stop), walked->is_plain};
    }
    auto sound = read_opus(bytes, longest, stop);
    if (!sound) return std::nullopt;
    Read read{*std::move(sound)};
    if (const auto* decoded = std::get_if<Sound>(&read.sound))
        read.is_plain = is_plain_voice(bytes, decoded->duration());
    return read;
}

}  // namespace

/// Ogg/Opus that was walked, and is decoded when somebody needs it.
class LocalAudioCodec::OpusSource final : public SoundSource {
  public:
    OpusSource(LocalAudioCodec& codec, File file, std::string owner, WalkedOpus walked)
        : codec_(codec), file_(std::move(file)), owner_(std::move(owner)), walked_(walked) {}

    Async<SharedSound> samples() override {
        if (decoded_) co_return *decoded_;
        const auto turn = co_await codec_.line_.take_turn(owner_);
        auto share = co_await codec_.line_.reserve(walked_.duration, bytes_of(walked_.duration));
        // A thread that nobody waits for any more keeps its turn and its share until it has
        // noticed.
        std::function<Sound(const Stop&)> decode = [file = file_, turn, share](const Stop& stop) {
            return decode_opus(*file, stop);
        };
        auto sound = co_await codec_.line_.run(walked_.duration, std::move(decode));
        co_return kept(std::move(sound), std::move(share));
    }

    Async<bool> is_silent() override {
        if (!walked_.is_plain) {
            // Whoever recognises it needs the samples anyway.
            decoded_ = co_await samples();
            co_return mlbilling::is_silent(decoded_->samples(), decoded_->sample_rate());
        }
        const auto turn = co_await codec_.line_.take_turn(owner_);
        std::function<bool(const Stop&)> listen = [file = file_, turn,
                                                   &codec = codec_](const Stop& stop) {
            return is_silent_opus(*file, codec.judges_, codec.fine_judges_, stop);
        };
        co_return co_await codec_.line_.run(walked_.duration, std::move(listen));
    }

  private:
    LocalAudioCodec& codec_;
    File file_;
    std::string owner_;
    WalkedOpus walked_;
    std::optional<SharedSound> decoded_;
};

LocalAudioCodec::LocalAudioCodec(child_process::ChildProcesses& children, Options options)
    : options_(std::move(options)),
      ffmpeg_(children, {options_.ffmpeg, options_.decoders, options_.longest_wait}),
      judges_(judged_rate),
      fine_judges_(fine_rate),
      line_({options_.threads, options_.short_sounds, options_.long_sounds, options_.longest_wait}),
      encoders_(options_.threads) {}

Async<LocalAudioCodec::Decoded> LocalAudioCodec::decode(std::string bytes, Duration longest) {
    if (container_of(bytes).demuxer.empty()) co_return UnusableAudio::not_audio;
    co_return co_await decode_file(std::make_shared<const std::string>(std::move(bytes)), longest);
}

Async<Examined> LocalAudioCodec::examine(Examination request) {
    const auto container = container_of(request.bytes);
    if (container.demuxer.empty()) co_return UnusableRecording{UnusableAudio::not_audio, {}};
    const auto file = std::make_shared<const std::string>(std::move(request.bytes));
    if (container.ogg_opus) {
        auto walked = co_await walk(file, request.owner);
        if (walked && walked->sound.duration() > request.longest)
            co_return UnusableRecording{UnusableAudio::too_long, request.longest};
        if (walked) co_return *std::move(walked);
    }
    auto limit = request.longest;
    if (request.worth_decoding) limit = std::min(limit, co_await request.worth_decoding());
    const auto turn = co_await line_.take_turn(request.owner);
    auto decoded = co_await decode_file(file, limit);
    if (const auto* why = std::get_if<UnusableAudio>(&decoded))
        co_return UnusableRecording{*why, limit};
    auto& audio = std::get<DecodedAudio>(decoded);
    co_return Recording{std::move(audio.sound), std::move(audio.ogg_opus)};
}

Async<std::optional<Recording>> LocalAudioCodec::walk(File file, std::string owner) {
    std::function<std::optional<WalkedOpus>(const Stop&)> look = [file](const Stop&) {
        return walk_opus(*file);
    };
    const auto walked = co_await line_.run(Duration(0), std::move(look));
    if (!walked) co_return std::nullopt;
    auto source = std::make_shared<OpusSource>(*this, file, std::move(owner), *walked);
    Recording recording{RecordedSound(walked->duration, std::move(source)), ""};
    if (walked->is_plain) recording.ogg_opus = *file;
    co_return recording;
}

Async<LocalAudioCodec::Decoded> LocalAudioCodec::decode_file(File file, Duration longest) {
    if (longest <= short_recording) co_return co_await decode_once(file, longest);
    // Nobody knows how long it is before it is decoded; that it is short is likely.
    auto decoded = co_await decode_once(file, short_recording);
    const auto* why = std::get_if<UnusableAudio>(&decoded);
    if (why == nullptr || *why != UnusableAudio::too_long) co_return decoded;
    co_return co_await decode_once(file, longest);
}

Async<LocalAudioCodec::Decoded> LocalAudioCodec::decode_once(File file, Duration longest) {
    if (!container_of(*file).ogg_opus) co_return co_await decode_by_ffmpeg(file, longest);
    auto share = co_await line_.reserve(longest, bytes_of(longest));
    // A thread that nobody waits for any more holds its share until it has noticed.
    std::function<std::optional<Read>(const Stop&)> work =
        [file, longest, share](const Stop& stop) { return read_whole(*file, longest, stop); };
    auto read = co_await line_.run(longest, std::move(work));
    if (!read) {
        share.reset();
        co_return co_await decode_by_ffmpeg(file, longest);
    }
    if (const auto* why = std::get_if<UnusableAudio>(&read->sound)) co_return *why;
    DecodedAudio audio{kept(std::get<Sound>(std::move(read->sound)), std::move(share)), ""};
    if (read->is_plain) audio.ogg_opus = *file;
    co_return audio;
}

Async<LocalAudioCodec::Decoded> LocalAudioCodec::decode_by_ffmpeg(File file, Duration longest) {
    // Its output, and the samples made of it.
    auto share = co_await line_.reserve(longest, 2 * bytes_of(longest));
    auto read = co_await ffmpeg_.decode(file, longest);
    if (const auto* why = std::get_if<UnusableAudio>(&read)) co_return *why;
    co_return DecodedAudio{kept(std::get<Sound>(std::move(read)), std::move(share)), ""};
}

Async<EncodedVoice> LocalAudioCodec::encode(SharedSound sound) {
    const Duration allowed = DecodingLine::time_for(sound.duration());
    std::function<EncodedVoice(const Stop&)> write = [sound = std::move(sound)](const Stop& stop) {
        return write_opus(sound, stop);
    };
    auto voice = co_await encoders_.run(std::move(write), allowed);
    if (!voice) throw Unavailable("audio encoding was not done in time");
    co_return std::move(*voice);
}

Async<Inspected> LocalAudioCodec::inspect(std::string ogg_opus) {
    const auto shared = std::make_shared<std::string>(std::move(ogg_opus));
    std::function<Inspected(const Stop&)> look = [shared, this](const Stop& stop) {
        return inspect_opus(std::move(*shared), judges_, stop);
    };
    auto found = co_await encoders_.run(std::move(look), longest_inspection);
    if (!found) throw Unavailable("a voice was not inspected in time");
    co_return *std::move(found);
}

Async<Joined> LocalAudioCodec::join(std::vector<std::string> voices) {
    const auto shared = std::make_shared<const std::vector<std::string>>(std::move(voices));
    std::function<Joined(const Stop&)> join = [shared](const Stop&) { return join_opus(*shared); };
    auto joined = co_await encoders_.run(std::move(join), longest_inspection);
    if (!joined) throw Unavailable("voices were not joined in time");
    co_return *std::move(joined);
}

}  // namespace mlbilling::audio
