#include "adapters/audio/local_audio_codec.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "adapters/audio/container.hpp"
#include "adapters/audio/opus_reader.hpp"
#include "adapters/audio/opus_voice.hpp"
#include "adapters/audio/opus_writer.hpp"
#include "base/unavailable.hpp"
#include "ports/until.hpp"

// The budgets are members of the codec, which outlives its calls.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::audio {

namespace asio = boost::asio;
using work_threads::Stop;

namespace {

using Share = std::shared_ptr<MemoryBudget::Share>;
using Inspected = std::variant<InspectedVoice, UnusableAudio>;
using Joined = std::variant<EncodedVoice, UnusableAudio>;

/// Bytes of Opus hold at most some 20 minutes a megabyte, decoded 100 times faster than real time.
constexpr Duration longest_inspection{60'000};
/// What nearly every recording is shorter than.
constexpr Duration short_recording{300'000};

/// Generous: a loaded machine decodes 100 times and encodes 20 times faster than real time, but a
/// call may wait for others.
Duration time_for(Duration sound) { return Duration(60'000) + sound / 4; }

/// Of 16 kHz mono, with what is decoded beyond the limit before that is seen.
std::size_t bytes_of(Duration sound) {
    constexpr Duration beyond{5'000};
    return static_cast<std::size_t>((sound + beyond).count()) * 16 * sizeof(std::int16_t);
}

/// The sound with what is reserved for it, which is no more than it needs from here on.
DecodedAudio kept(Sound sound, Share share) {
    struct Kept {
        Sound sound;
        Share share;
    };
    auto& samples = sound.samples;
    if (samples.size() < samples.capacity() / 2) samples.shrink_to_fit();
    share->shrink_to(samples.size() * sizeof(std::int16_t));
    const auto both = std::make_shared<const Kept>(std::move(sound), std::move(share));
    return {SharedSound(std::shared_ptr<const Sound>(both, &both->sound)), ""};
}

struct Read {
    std::variant<Sound, UnusableAudio> sound;
    bool is_plain = false;
};

/// Nothing when it is for ffmpeg after all.
std::optional<Read> read_and_compare(const std::string& bytes, Duration longest, const Stop& stop) {
    auto sound = read_opus(bytes, longest, stop);
    if (!sound) return std::nullopt;
    Read read{*std::move(sound)};
    if (const auto* decoded = std::get_if<Sound>(&read.sound))
        read.is_plain = is_plain_voice(bytes, decoded->duration());
    return read;
}

}  // namespace

LocalAudioCodec::LocalAudioCodec(child_process::ChildProcesses& children, Options options)
    : options_(std::move(options)),
      ffmpeg_(children, {options_.ffmpeg, options_.decoders, options_.longest_wait}),
      short_sounds_(options_.short_sounds),
      long_sounds_(options_.long_sounds),
      decoders_(judged_rate),
      threads_(options_.threads) {}

Async<LocalAudioCodec::Decoded> LocalAudioCodec::decode(std::string bytes, Duration longest) {
    if (container_of(bytes).demuxer.empty()) co_return UnusableAudio::not_audio;
    const auto file = std::make_shared<const std::string>(std::move(bytes));
    const auto allowed = time_for(longest);
    if (longest <= short_recording)
        co_return co_await decode_in(short_sounds_, file, longest, allowed);
    // Nobody knows how long it is before it is decoded; that it is short is likely.
    auto decoded = co_await decode_in(short_sounds_, file, short_recording, allowed);
    const auto* why = std::get_if<UnusableAudio>(&decoded);
    if (why == nullptr || *why != UnusableAudio::too_long) co_return decoded;
    co_return co_await decode_in(long_sounds_, file, longest, allowed);
}

Async<Share> LocalAudioCodec::reserve(MemoryBudget& budget, std::size_t bytes) {
    Event late;
    asio::steady_timer timer(co_await asio::this_coro::executor, options_.longest_wait);
    timer.async_wait([late](boost::system::error_code error) mutable {
        if (!error) late.set();
    });
    auto share = co_await until(late, budget.reserve(bytes));
    if (!share) throw Unavailable("the sound of other recordings left no memory for too long");
    co_return std::make_shared<MemoryBudget::Share>(*std::move(share));
}

Async<LocalAudioCodec::Decoded> LocalAudioCodec::decode_in(MemoryBudget& budget, File file,
                                                           Duration longest, Duration allowed) {
    if (!container_of(*file).ogg_opus) co_return co_await decode_by_ffmpeg(budget, file, longest);
    auto share = co_await reserve(budget, bytes_of(longest));
    // A thread that nobody waits for any more holds its share until it has noticed.
    std::function<std::optional<Read>(const Stop&)> work =
        [file, longest, share](const Stop& stop) { return read_and_compare(*file, longest, stop); };
    auto read = co_await threads_.run(std::move(work), allowed);
    if (!read) throw Unavailable("audio decoding was not done in time");
    if (!*read) {
        share.reset();
        co_return co_await decode_by_ffmpeg(budget, file, longest);
    }
    if (const auto* why = std::get_if<UnusableAudio>(&(*read)->sound)) co_return *why;
    auto audio = kept(std::get<Sound>(std::move((*read)->sound)), std::move(share));
    if ((*read)->is_plain) audio.ogg_opus = *file;
    co_return audio;
}

Async<LocalAudioCodec::Decoded> LocalAudioCodec::decode_by_ffmpeg(MemoryBudget& budget, File file,
                                                                  Duration longest) {
    // Its output, and the samples made of it.
    auto share = co_await reserve(budget, 2 * bytes_of(longest));
    auto read = co_await ffmpeg_.decode(file, longest);
    if (const auto* why = std::get_if<UnusableAudio>(&read)) co_return *why;
    co_return kept(std::get<Sound>(std::move(read)), std::move(share));
}

Async<EncodedVoice> LocalAudioCodec::encode(SharedSound sound) {
    const Duration allowed = time_for(sound.duration());
    std::function<EncodedVoice(const Stop&)> write = [sound = std::move(sound)](const Stop& stop) {
        return write_opus(sound, stop);
    };
    auto voice = co_await threads_.run(std::move(write), allowed);
    if (!voice) throw Unavailable("audio encoding was not done in time");
    co_return std::move(*voice);
}

Async<Inspected> LocalAudioCodec::inspect(std::string ogg_opus) {
    const auto shared = std::make_shared<std::string>(std::move(ogg_opus));
    std::function<Inspected(const Stop&)> look = [shared, this](const Stop& stop) {
        return inspect_opus(std::move(*shared), decoders_, stop);
    };
    auto found = co_await threads_.run(std::move(look), longest_inspection);
    if (!found) throw Unavailable("a voice was not inspected in time");
    co_return *std::move(found);
}

Async<Joined> LocalAudioCodec::join(std::vector<std::string> voices) {
    const auto shared = std::make_shared<const std::vector<std::string>>(std::move(voices));
    std::function<Joined(const Stop&)> join = [shared](const Stop&) { return join_opus(*shared); };
    auto joined = co_await threads_.run(std::move(join), longest_inspection);
    if (!joined) throw Unavailable("voices were not joined in time");
    co_return *std::move(joined);
}

}  // namespace mlbilling::audio
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
