#include "adapters/audio/ffmpeg.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <utility>

#include "adapters/audio/opus_reader.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::audio {

using child_process::ChildEnd;

namespace {

constexpr std::size_t bytes_per_ms = 32;
/// Decoded beyond the limit, so that being too long can be seen.
constexpr Duration margin{1'000};
/// Even on a loaded machine ffmpeg decodes speech twenty times faster than it is spoken.
constexpr int slowest = 20;
constexpr Duration start_up{30'000};

std::string seconds(Duration span) { return std::to_string(span.count() / 1000 + 1); }

Sound sound_of(const std::string& pcm) {
    Sound sound;
    if (pcm.size() < sizeof(std::int16_t)) return sound;
    sound.samples.resize(pcm.size() / sizeof(std::int16_t));
    // Both sides are little-endian.
    std::memcpy(sound.samples.data(), pcm.data(), sound.samples.size() * sizeof(std::int16_t));
    return sound;
}

bool has_no_audio(const child_process::ChildResult& result) {
    return result.diagnostics.find("matches no streams") != std::string::npos;
}

/// By which a program ends because of what it does itself, with this recording every time; the
/// last is its own limit of processor time.
bool is_its_own(int signal) {
    constexpr std::array own{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP, SIGXCPU};
    return std::ranges::find(own, signal) != own.end();
}

/// The loader's and a shell's codes for a program that was not even begun.
bool was_not_loaded(const child_process::ChildResult& result) {
    return result.end == ChildEnd::exited && (result.code == 126 || result.code == 127);
}

/// Throws Unavailable when the run says nothing about the recording.
void require_verdict(const child_process::ChildResult& result) {
    if (result.end == ChildEnd::program_missing)
        throw Unavailable("ffmpeg is not installed (Debian package ffmpeg)");
    if (was_not_loaded(result)) throw Unavailable("ffmpeg cannot run: " + result.diagnostics);
    if (result.end == ChildEnd::signalled && !is_its_own(result.code))
        throw Unavailable("ffmpeg was ended by signal " + std::to_string(result.code) +
                          "; has memory run out?");
}

std::string filters(Hearing hearing) {
    // By samples, not by the file's time stamps, which may claim anything.
    const std::string by_samples = "asetpts=N/SR/TB";
    if (hearing.channel == Hearing::all_channels) return by_samples;
    return "pan=mono|c0=c" + std::to_string(hearing.channel) + "," + by_samples;
}

}  // namespace

child_process::ChildCommand ffmpeg_command(std::string program, std::string_view demuxer,
                                           std::string bytes, Duration longest, Hearing hearing) {
    const Duration allowed = start_up + longest / slowest;
    return {.program = std::move(program),
            // The input is a file, not a pipe: an MP4 may have its index at the end. No threads,
            // which the cage does not allow.
            .arguments = {"-nostdin",
                          "-hide_banner",
                          "-nostats",
                          "-loglevel",
                          "info",
                          "-filter_threads",
                          "1",
                          "-threads",
                          "1",
                          "-protocol_whitelist",
                          "file,pipe",
                          "-f",
                          std::string(demuxer),
                          "-i",
                          "file:/dev/stdin",
                          "-map",
                          "0:a:" + std::to_string(hearing.track),
                          "-vn",
                          "-sn",
                          "-dn",
                          "-map_metadata",
                          "-1",
                          "-map_chapters",
                          "-1",
                          "-af",
                          filters(hearing),
                          "-ac",
                          "1",
                          "-ar",
                          "16000",
                          "-t",
                          seconds(longest + margin),
                          "-f",
                          "s16le",
                          "pipe:1"},
            .input = std::move(bytes),
            .cage = child_process::Cage::decoder,
            .limits = {.deadline = allowed * 2,
                       .output_bytes =
                           static_cast<std::size_t>((longest + 4 * margin).count()) * bytes_per_ms,
                       .cpu_seconds = static_cast<int>(allowed.count() / 1000),
                       .memory_bytes = std::size_t{1} << 30,
                       .data_bytes = ffmpeg_memory,
                       // Chapters and titles stand before the list of tracks.
                       .diagnostics_bytes = 64'000}};
}

std::variant<Sound, UnusableAudio> read_ffmpeg(const child_process::ChildResult& result,
                                               Duration longest) {
    require_verdict(result);
    Sound sound = sound_of(result.output);
    if (result.end == ChildEnd::output_too_long || sound.duration() > longest) {
        return UnusableAudio::too_long;
    }
    if (result.end == ChildEnd::timed_out) throw Unavailable("ffmpeg was not done in time");
    if (has_no_audio(result)) return UnusableAudio::not_audio;
    // Sound that our own limits cut short would be a silent loss; no honest file reaches them.
    if (result.end == ChildEnd::signalled || sound.samples.empty()) return UnusableAudio::damaged;
    if (!result.succeeded() && sound.duration() < shortest_remainder) return UnusableAudio::damaged;
    return sound;
}

}  // namespace mlbilling::audio
