#pragma once

#include <string>
#include <variant>
#include <vector>

#include "adapters/audio/opus_decoders.hpp"
#include "adapters/child_process/child_process.hpp"
#include "adapters/work_threads/work_threads.hpp"
#include "ports/audio.hpp"

namespace mlbilling::audio {

/// Ogg/Opus by libopusfile and libopusenc on threads of its own, everything else by ffmpeg as a
/// child process. Destroyed on the loop's thread before the loop is.
class LocalAudioCodec final : public AudioCodec {
  public:
    struct Options {
        std::string ffmpeg = "ffmpeg";
        int threads = 2;
    };

    LocalAudioCodec(child_process::ChildProcesses& children, Options options);

    Async<std::variant<DecodedAudio, UnusableAudio>> decode(std::string bytes,
                                                            Duration longest) override;
    /// An empty sound gives an empty file.
    Async<EncodedVoice> encode(Sound sound) override;
    Async<std::variant<InspectedVoice, UnusableAudio>> inspect(std::string ogg_opus) override;
    Async<std::variant<EncodedVoice, UnusableAudio>> join(std::vector<std::string> voices) override;

  private:
    child_process::ChildProcesses& children_;
    Options options_;
    OpusDecoders decoders_;
    // Last: what runs on them uses the rest.
    work_threads::WorkThreads threads_;
};

}  // namespace mlbilling::audio
