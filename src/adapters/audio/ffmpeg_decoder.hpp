#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "adapters/audio/ffmpeg.hpp"
#include "adapters/audio/ffmpeg_report.hpp"
#include "adapters/child_process/child_process.hpp"
#include "ports/async.hpp"
#include "ports/audio.hpp"
#include "ports/memory_budget.hpp"

namespace mlbilling::audio {

/// Finds the sound that is meant in what is not Ogg/Opus: of the track that is marked as default,
/// or the first; when that is silent, of one of its channels, then of another track.
class FfmpegDecoder {
  public:
    struct Options {
        std::string program = "ffmpeg";
        /// Bytes that all runs together may fill, the recordings that they read included.
        std::size_t memory = 3 * (ffmpeg_memory + (std::size_t{20} << 20));
        /// For which a recording waits until there is room.
        Duration longest_wait{600'000};
    };
    using File = std::shared_ptr<const std::string>;
    using Decoded = std::variant<Sound, UnusableAudio>;

    FfmpegDecoder(child_process::ChildProcesses& children, Options options);

    /// 16 kHz mono. Throws Unavailable when ffmpeg says nothing about the recording, or the others
    /// left no memory for too long.
    Async<Decoded> decode(File file, Duration longest);

  private:
    struct Run {
        Decoded decoded;
        std::vector<AudioTrack> tracks;
    };

    Async<std::shared_ptr<MemoryBudget::Share>> reserve(std::size_t bytes);
    Async<Run> run(File file, Duration longest, Hearing hearing);

    child_process::ChildProcesses& children_;
    Options options_;
    MemoryBudget memory_;
};

/// What is tried in turn until something can be heard; never empty.
std::vector<Hearing> hearings_of(const std::vector<AudioTrack>& tracks);

}  // namespace mlbilling::audio
