#include "adapters/audio/container.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

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
    Signature{"mov", 4, "ftyp"},
    Signature{"mov", 4, "moov"},
    Signature{"mov", 4, "mdat"},
    Signature{"mov", 4, "wide"},
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

/// MPEG audio has no magic, only a frame header: eleven set bits, then version and layer. Layer 0
/// is AAC in ADTS, the others are MP3 and its elders. Reserved values are none, and layer I, which
/// nobody uses, is how texts in UTF-16 begin.
std::string_view mpeg_audio(std::string_view bytes) {
    if (bytes.size() < 4 || byte_at(bytes, 0) != 0xFF || (byte_at(bytes, 1) & 0xE0) != 0xE0)
        return {};
    const int version = (byte_at(bytes, 1) >> 3) & 3;
    const int layer = (byte_at(bytes, 1) >> 1) & 3;
    if (layer == 0) return version >= 2 ? "aac"sv : std::string_view();
    const int bit_rate = byte_at(bytes, 2) >> 4;
    const int sample_rate = (byte_at(bytes, 2) >> 2) & 3;
    const bool reserved =
        version == 1 || layer == 3 || bit_rate == 0 || bit_rate == 15 || sample_rate == 3;
    return reserved ? std::string_view() : "mp3"sv;
}

std::string_view demuxer_of(std::string_view bytes) {
    for (const auto& signature : signatures) {
        if (bytes.substr(std::min(signature.offset, bytes.size())).starts_with(signature.magic) &&
            bytes.substr(std::min(signature.second_offset, bytes.size()))
                .starts_with(signature.second)) {
            return signature.demuxer;
        }
    }
    return mpeg_audio(bytes);
}

/// The bytes behind an ID3v2 tag, which MP3, AAC and FLAC files may carry in front. The tag's size
/// is four times seven bits (id3.org, ID3v2.4 structure, section 3.1).
std::string_view behind_tag(std::string_view bytes) {
    constexpr std::size_t header = 10;
    if (bytes.size() < header) return {};
    std::size_t size = header;
    for (std::size_t i = 0, shift = 21; i < 4; ++i, shift -= 7) {
        size += static_cast<std::size_t>(byte_at(bytes, 6 + i) & 0x7F) << shift;
    }
    return bytes.substr(std::min(size, bytes.size()));
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
    if (bytes.starts_with("ID3")) {
        const auto demuxer = demuxer_of(behind_tag(bytes));
        return {.demuxer = demuxer.empty() ? "mp3"sv : demuxer};
    }
    const auto demuxer = demuxer_of(bytes);
    return {.demuxer = demuxer, .ogg_opus = demuxer == "ogg" && is_opus(bytes)};
}

}  // namespace mlbilling::audio
