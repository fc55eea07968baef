#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "adapters/child_process/child_process.hpp"
#include "ports/audio.hpp"

namespace mlbilling::audio {

/// The run of ffmpeg that decodes the first audio stream of `bytes` to 16 kHz mono on its output.
/// Only the named demuxer may read them, and they cannot name another file or host to be read.
child_process::ChildCommand ffmpeg_command(std::string program, std::string_view demuxer,
                                           std::string bytes, Duration longest);

/// What the run means. Throws Unavailable when it says nothing about the recording: ffmpeg is
/// missing, or the machine too slow.
std::variant<Sound, UnusableAudio> read_ffmpeg(const child_process::ChildResult& result,
                                               Duration longest);

}  // namespace mlbilling::audio
