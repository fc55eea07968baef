#pragma once

#include <cstddef>
#include <string_view>

namespace mlbilling::audio {

/// What a file is by its first bytes; a name or a media type claims nothing to us.
struct Container {
    /// ffmpeg's name of the one demuxer that may read the file; empty when it is none that we
    /// accept.
    std::string_view demuxer;
    /// Whether it is for libopusfile.
    bool ogg_opus = false;
    /// Bytes in front that are no part of it: tags, padding, junk.
    std::size_t begins_at = 0;
};

/// Knows self-contained media files only. Playlists and scripts (HLS, DASH, concat, SDP …), by
/// which a demuxer can be led to other files and hosts, are none of them (reliability.md 7, Audio).
Container container_of(std::string_view bytes);

}  // namespace mlbilling::audio
