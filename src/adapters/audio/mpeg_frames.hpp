#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace mlbilling::audio {

/// What a frame of MPEG audio says of itself in its first bytes.
struct MpegFrame {
    /// ffmpeg's name of the demuxer: "mp3" for layers II and III, "aac" for AAC in ADTS.
    std::string_view demuxer;
    /// Of the whole frame, in bytes; 0 when it does not say.
    std::size_t length = 0;
    /// What all frames of a stream have in common: version, layer and sample rate.
    unsigned kind = 0;
};

/// The frame that begins with these bytes, if they are its header (ISO/IEC 11172-3, 2.4.1.3, and
/// 14496-3, 1.A.2). Reserved values are none, and neither is layer I, which nobody uses: it is how
/// texts in UTF-16 begin.
std::optional<MpegFrame> mpeg_frame(std::string_view bytes);

/// Where the first of two frames of one kind begins that follow each other, and which; looked for
/// in the first `furthest` bytes.
struct FoundFrame {
    std::size_t at;
    MpegFrame frame;
};
std::optional<FoundFrame> find_mpeg_frames(std::string_view bytes, std::size_t furthest);

}  // namespace mlbilling::audio
