#include "adapters/audio/container.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "adapters/audio/leading_tags.hpp"
#include "adapters/audio/mpeg_frames.hpp"

namespace mlbilling::audio {
namespace {

using std::string_view_literals::operator""sv;

/// A file is of this kind when `magic` stands at `offset`, and `second`, if any, at
/// `second_offset`.
struct Signature {
    std::string_view demuxer;
    std::size_t offset;
    std::string_view magic;
    std::size_t second_offset = 0;
    std::string_view second = {};
};

constexpr std::array signatures{
    Signature{"ogg", 0, "OggS"},
    Signature{"matroska", 0, "\x1A\x45\xDF\xA3"},
    Signature{"wav", 0, "RIFF", 8, "WAVE"},
    Signature{"wav", 0, "RF64", 8, "WAVE"},
    Signature{"avi", 0, "RIFF", 8, "AVI "},
    Signature{"flac", 0, "fLaC"},
    Signature{"aiff", 0, "FORM", 8, "AIFF"},
    Signature{"aiff", 0, "FORM", 8, "AIFC"},
    Signature{"amr", 0, "#!AMR"},
    Signature{"caf", 0, "caff"},
    Signature{"au", 0, ".snd"},
    Signature{"flv", 0, "FLV\x01"},
    Signature{"asf", 0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11"},
    Signature{"mpeg", 0, "\x00\x00\x01\xBA"sv},
    Signature{"mpegts", 0, "\x47", 188, "\x47"},
};

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

std::uint64_t big_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) value = value << 8U | byte_at(bytes, i);
    return value;
}

bool is_name_of_box(std::string_view name) {
    return std::ranges::all_of(name, [](char c) { return c >= ' ' && c <= '~'; });
}

/// MP4 and QuickTime are a row of boxes, each with its size and name in front (ISO/IEC 14496-12,
/// 4.2). Any may stand first, previews, free space and what this or that program keeps there; the
/// row must come to one that only these files have.
bool is_row_of_boxes(std::string_view bytes) {
    constexpr std::array telling{"ftyp"sv, "styp"sv, "moov"sv, "mdat"sv, "moof"sv, "wide"sv};
    constexpr int most = 64;
    constexpr std::size_t header = 8;
    for (int i = 0; i < most && bytes.size() >= header; ++i) {
        const auto name = bytes.substr(4, 4);
        if (std::ranges::find(telling, name) != telling.end()) return true;
        if (!is_name_of_box(name)) return false;
        auto size = big_endian(bytes.substr(0, 4));
        // 1: it did not fit, and follows the name.
        if (size == 1 && bytes.size() >= 2 * header) size = big_endian(bytes.substr(8, 8));
        if (size < header || size > bytes.size()) return false;
        bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return false;
}

std::string_view demuxer_of(std::string_view bytes) {
    for (const auto& signature : signatures) {
        if (bytes.substr(std::min(signature.offset, bytes.size())).starts_with(signature.magic) &&
            bytes.substr(std::min(signature.second_offset, bytes.size()))
                .starts_with(signature.second)) {
            return signature.demuxer;
        }
    }
    return is_row_of_boxes(bytes) ? "mov"sv : std::string_view();
}

/// The first packet of an Opus stream lies in the first page, behind its header (RFC 7845,
/// section 5.1).
bool is_opus(std::string_view bytes) {
    constexpr std::size_t page_header = 27;
    if (bytes.size() <= page_header) return false;
    const std::size_t segments = byte_at(bytes, page_header - 1);
    return bytes.substr(std::min(page_header + segments, bytes.size())).starts_with("OpusHead");
}

}  // namespace

Container container_of(std::string_view bytes) {
    const auto tags = length_of_leading_tags(bytes);
    const auto sound = bytes.substr(tags);
    if (const auto demuxer = demuxer_of(sound); !demuxer.empty())
        return {.demuxer = demuxer,
                .ogg_opus = tags == 0 && demuxer == "ogg" && is_opus(sound),
                .begins_at = tags};
    // MPEG audio has no magic, only the headers of its frames. In front of them may be padding, or
    // the remains of something else, and a tag of a wrong size covers them all; two frames in a row
    // are no chance.
    constexpr std::size_t most_junk = 256 * 1024;
    const auto covered = sound.empty() ? std::size_t{0} : tags;
    if (const auto found = find_mpeg_frames(bytes.substr(covered), most_junk))
        return {.demuxer = found->frame.demuxer, .begins_at = covered + found->at};
    // The only frame of a short file.
    if (const auto frame = mpeg_frame(sound)) return {.demuxer = frame->demuxer, .begins_at = tags};
    // ffmpeg looks further than we do.
    return {.demuxer = bytes.starts_with("ID3") ? "mp3"sv : std::string_view()};
}

}  // namespace mlbilling::audio
