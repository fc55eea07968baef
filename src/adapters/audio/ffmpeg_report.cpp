#include "adapters/audio/ffmpeg_report.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace mlbilling::audio {
namespace {

int number_in(std::string_view text) {
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// "mono", "stereo", "3 channels", "5.1(side)".
int channels_in(std::string_view layout) {
    struct Layout {
        std::string_view name;
        int channels;
    };
    constexpr std::array known{Layout{"mono", 1}, Layout{"stereo", 2}, Layout{"downmix", 2},
                               Layout{"quad", 4}};
    for (const auto& [name, channels] : known)
        if (layout.starts_with(name)) return channels;
    const int main = number_in(layout);
    const auto dot = layout.find('.');
    const int extra = dot == std::string_view::npos ? 0 : number_in(layout.substr(dot + 1));
    return std::clamp(main + extra, 1, 64);
}

/// "  Stream #0:1[0x2](eng): Audio: aac (LC), 44100 Hz, stereo, fltp, 69 kb/s (default)"
AudioTrack track_in(std::string_view line) {
    AudioTrack track;
    track.is_default = line.find("(default)") != std::string_view::npos;
    constexpr std::string_view unit = " Hz, ";
    const auto hertz = line.find(unit);
    if (hertz == std::string_view::npos) return track;
    const auto begin = line.rfind(' ', hertz - 1) + 1;
    track.rate = number_in(line.substr(begin, hertz - begin));
    track.channels = channels_in(line.substr(hertz + unit.size()));
    return track;
}

}  // namespace

std::vector<AudioTrack> tracks_in(std::string_view report) {
    std::vector<AudioTrack> tracks;
    const auto input = report.substr(0, std::min(report.find("\nStream mapping:"), report.size()));
    for (std::size_t at = 0; at < input.size();) {
        const auto end = std::min(input.find('\n', at), input.size());
        const auto line = input.substr(at, end - at);
        at = end + 1;
        if (line.starts_with("  Stream #0:") && line.find(": Audio: ") != std::string_view::npos)
            tracks.push_back(track_in(line));
    }
    return tracks;
}

}  // namespace mlbilling::audio
