#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "adapters/child_process/child_process.hpp"
#include "ports/audio.hpp"

namespace mlbilling::audio {

/// What one run of ffmpeg may fill beside the recording itself. The libraries of Debian 12's take
/// 60 MB of it before anything is decoded.
constexpr std::size_t ffmpeg_memory = std::size_t{160} << 20;

/// Which sound of a file.
struct Hearing {
    /// Among the sounds, from 0.
    int track = 0;
    /// All channels mixed, or this one alone.
    int channel = all_channels;

    static constexpr int all_channels = -1;
};

/// The run of ffmpeg that decodes a sound of `bytes` to 16 kHz mono on its output. Only the named
/// demuxer may read them, and they cannot name another file or host to be read.
child_process::ChildCommand ffmpeg_command(std::string program, std::string_view demuxer,
                                           std::string bytes, Duration longest,
                                           Hearing hearing = {});

/// What the run means. Throws Unavailable when it says nothing about the recording: ffmpeg is
/// missing or cannot be loaded, the machine too slow, or somebody else has ended it, as the kernel
/// does when memory runs out.
std::variant<Sound, UnusableAudio> read_ffmpeg(const child_process::ChildResult& result,
                                               Duration longest);

}  // namespace mlbilling::audio
