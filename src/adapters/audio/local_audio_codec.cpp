#include "adapters/audio/local_audio_codec.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "adapters/audio/container.hpp"
#include "adapters/audio/ffmpeg.hpp"
#include "adapters/audio/opus_reader.hpp"
#include "adapters/audio/opus_writer.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::audio {

using work_threads::Stop;

namespace {

using Decoded = std::variant<Sound, UnusableAudio>;

/// Generous: a loaded machine decodes 100 times and encodes 20 times faster than real time, but a
/// call may wait for others.
Duration time_for(Duration sound) { return Duration(60'000) + sound / 4; }

}  // namespace

LocalAudioCodec::LocalAudioCodec(child_process::ChildProcesses& children, Options options)
    : children_(children), options_(std::move(options)), threads_(options_.threads) {}

Async<Decoded> LocalAudioCodec::decode(std::string bytes, Duration longest) {
    const Container container = container_of(bytes);
    if (container.demuxer.empty()) co_return UnusableAudio::not_audio;
    if (container.ogg_opus) {
        const auto shared = std::make_shared<std::string>(std::move(bytes));
        std::function<std::optional<Decoded>(const Stop&)> read =
            [shared, longest](const Stop& stop) { return read_opus(*shared, longest, stop); };
        auto decoded = co_await threads_.run(std::move(read), time_for(longest));
        if (!decoded) throw Unavailable("audio decoding was not done in time");
        if (*decoded) co_return std::move(**decoded);
        // The thread is done with them.
        bytes = std::move(*shared);
    }
    auto command = ffmpeg_command(options_.ffmpeg, container.demuxer, std::move(bytes), longest);
    const auto result = co_await children_.run(std::move(command));
    co_return read_ffmpeg(result, longest);
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

}  // namespace mlbilling::audio
