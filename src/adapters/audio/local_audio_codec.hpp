#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "adapters/audio/ffmpeg_decoder.hpp"
#include "adapters/audio/opus_decoders.hpp"
#include "adapters/child_process/child_process.hpp"
#include "adapters/work_threads/work_threads.hpp"
#include "ports/audio.hpp"
#include "ports/memory_budget.hpp"

namespace mlbilling::audio {

/// Ogg/Opus by libopusfile and libopusenc on threads of its own, everything else by ffmpeg as a
/// child process. Destroyed on the loop's thread before the loop is.
class LocalAudioCodec final : public AudioCodec {
  public:
    struct Options {
        std::string ffmpeg = "ffmpeg";
        int threads = 2;
        /// Bytes of decoded sound in memory at once, of recordings of up to five minutes and of
        /// longer ones: apart, so that nobody's voice message waits for hours of somebody else's.
        /// The second must do for twice the longest recording, which ffmpeg's output comes to.
        std::size_t short_sounds = std::size_t{128} << 20;
        std::size_t long_sounds = std::size_t{900} << 20;
        /// Bytes that runs of ffmpeg may fill at once.
        std::size_t decoders = FfmpegDecoder::Options().memory;
        /// For which a recording waits until there is room.
        Duration longest_wait{600'000};
    };

    LocalAudioCodec(child_process::ChildProcesses& children, Options options);

    Async<std::variant<DecodedAudio, UnusableAudio>> decode(std::string bytes,
                                                            Duration longest) override;
    /// An empty sound gives an empty file.
    Async<EncodedVoice> encode(SharedSound sound) override;
    Async<std::variant<InspectedVoice, UnusableAudio>> inspect(std::string ogg_opus) override;
    Async<std::variant<EncodedVoice, UnusableAudio>> join(std::vector<std::string> voices) override;

  private:
    using Decoded = std::variant<DecodedAudio, UnusableAudio>;
    using File = std::shared_ptr<const std::string>;

    /// The same as decode(), in what one of the budgets leaves.
    // The budgets are members.
    // NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
    Async<Decoded> decode_in(MemoryBudget& budget, File file, Duration longest, Duration allowed);
    // NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
    Async<Decoded> decode_by_ffmpeg(MemoryBudget& budget, File file, Duration longest);
    // NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
    Async<std::shared_ptr<MemoryBudget::Share>> reserve(MemoryBudget& budget, std::size_t bytes);

    Options options_;
    FfmpegDecoder ffmpeg_;
    MemoryBudget short_sounds_;
    MemoryBudget long_sounds_;
    OpusDecoders decoders_;
    // Last: what runs on them uses the rest.
    work_threads::WorkThreads threads_;
};

}  // namespace mlbilling::audio
