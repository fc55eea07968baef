#include "adapters/audio/local_audio_codec.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "adapters/audio/container.hpp"
#include "adapters/audio/ffmpeg.hpp"
#include "adapters/audio/opus_reader.hpp"
#include "adapters/audio/opus_voice.hpp"
#include "adapters/audio/opus_writer.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::audio {

using work_threads::Stop;

namespace {

using Decoded = std::variant<DecodedAudio, UnusableAudio>;
using Inspected = std::variant<InspectedVoice, UnusableAudio>;
using Joined = std::variant<EncodedVoice, UnusableAudio>;

/// Bytes of Opus hold at most some 20 minutes a megabyte, decoded 100 times faster than real time.
constexpr Duration longest_inspection{60'000};

/// Generous: a loaded machine decodes 100 times and encodes 20 times faster than real time, but a
/// call may wait for others.
Duration time_for(Duration sound) { return Duration(60'000) + sound / 4; }

/// Nothing when it is for ffmpeg after all.
std::optional<Decoded> decode_opus(const std::string& bytes, Duration longest, const Stop& stop) {
    auto read = read_opus(bytes, longest, stop);
    if (!read) return std::nullopt;
    if (const auto* why = std::get_if<UnusableAudio>(&*read)) return Decoded(*why);
    DecodedAudio audio{std::get<Sound>(*std::move(read)), ""};
    if (is_plain_voice(bytes, audio.sound.duration())) audio.ogg_opus = bytes;
    return Decoded(std::move(audio));
}

}  // namespace

LocalAudioCodec::LocalAudioCodec(child_process::ChildProcesses& children, Options options)
    : children_(children),
      options_(std::move(options)),
      decoders_(judged_rate),
      threads_(options_.threads) {}

Async<Decoded> LocalAudioCodec::decode(std::string bytes, Duration longest) {
    const Container container = container_of(bytes);
    if (container.demuxer.empty()) co_return UnusableAudio::not_audio;
    if (container.ogg_opus) {
        const auto shared = std::make_shared<std::string>(std::move(bytes));
        std::function<std::optional<Decoded>(const Stop&)> read =
            [shared, longest](const Stop& stop) { return decode_opus(*shared, longest, stop); };
        auto decoded = co_await threads_.run(std::move(read), time_for(longest));
        if (!decoded) throw Unavailable("audio decoding was not done in time");
        if (*decoded) co_return std::move(**decoded);
        // The thread is done with them.
        bytes = std::move(*shared);
    }
    auto command = ffmpeg_command(options_.ffmpeg, container.demuxer, std::move(bytes), longest);
    const auto result = co_await children_.run(std::move(command));
    auto read = read_ffmpeg(result, longest);
    if (const auto* why = std::get_if<UnusableAudio>(&read)) co_return *why;
    co_return DecodedAudio{std::get<Sound>(std::move(read)), ""};
}

Async<EncodedVoice> LocalAudioCodec::encode(Sound sound) {
    const Duration allowed = time_for(sound.duration());
    const auto shared = std::make_shared<const Sound>(std::move(sound));
    std::function<EncodedVoice(const Stop&)> write = [shared](const Stop& stop) {
        return write_opus(*shared, stop);
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
