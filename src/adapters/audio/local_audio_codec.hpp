#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "adapters/audio/decoding_line.hpp"
#include "adapters/audio/ffmpeg_decoder.hpp"
#include "adapters/audio/opus_decoders.hpp"
#include "adapters/child_process/child_process.hpp"
#include "adapters/work_threads/work_threads.hpp"
#include "ports/audio.hpp"

namespace mlbilling::audio {

/// Ogg/Opus by libopus and libopusenc on threads of its own, everything else by ffmpeg as a child
/// process. What is encoded never waits for what is decoded. Destroyed on the loop's thread before
/// the loop is.
class LocalAudioCodec final : public AudioCodec {
  public:
    struct Options {
        std::string ffmpeg = "ffmpeg";
        /// For decoding, and as many for encoding.
        int threads = 2;
        /// Bytes of decoded sound in memory at once, of recordings of up to five minutes and of
        /// longer ones: apart, so that nobody's voice message waits for hours of somebody else's.
        /// The second must do for twice the longest recording, which ffmpeg's output comes to.
        std::size_t short_sounds = std::size_t{128} << 20;
        std::size_t long_sounds = std::size_t{900} << 20;
        /// Bytes that runs of ffmpeg may fill at once.
        std::size_t decoders = FfmpegDecoder::Options().memory;
        /// For which a recording waits until there is room, and for the owner's others.
        Duration longest_wait{600'000};
    };

    LocalAudioCodec(child_process::ChildProcesses& children, Options options);

    Async<std::variant<DecodedAudio, UnusableAudio>> decode(std::string bytes,
                                                            Duration longest) override;
    Async<std::variant<Recording, UnusableRecording>> examine(Examination request) override;
    /// An empty sound gives an empty file.
    Async<EncodedVoice> encode(SharedSound sound) override;
    Async<std::variant<InspectedVoice, UnusableAudio>> inspect(std::string ogg_opus) override;
    Async<std::variant<EncodedVoice, UnusableAudio>> join(std::vector<std::string> voices) override;

  private:
    class OpusSource;
    using Decoded = std::variant<DecodedAudio, UnusableAudio>;
    using File = std::shared_ptr<const std::string>;

    /// Nothing when only decoding can tell.
    Async<std::optional<Recording>> walk(File file, std::string owner);
    Async<Decoded> decode_file(File file, Duration longest);
    /// The same for a recording that may be shorter.
    Async<Decoded> decode_once(File file, Duration longest);
    Async<Decoded> decode_by_ffmpeg(File file, Duration longest);

    Options options_;
    FfmpegDecoder ffmpeg_;
    /// For what is likely to be heard at once; 16 kHz decides.
    OpusDecoders judges_;
    OpusDecoders fine_judges_;
    DecodingLine line_;
    // Last: what runs on them uses the rest.
    work_threads::WorkThreads encoders_;
};

}  // namespace mlbilling::audio
