#pragma once

#include <string_view>
#include <vector>

namespace mlbilling::audio {

/// A sound of a file, as ffmpeg lists it. Tracks are numbered among the sounds, from 0.
struct AudioTrack {
    /// In Hz; 0 when it is not known.
    double rate = 0;
    /// 1 when it is not known.
    int channels = 1;
    /// Marked as the one to be played when nobody chooses.
    bool is_default = false;
};

/// The tracks of the input in what ffmpeg writes to stderr.
std::vector<AudioTrack> tracks_in(std::string_view report);

}  // namespace mlbilling::audio
