#include "adapters/audio/leading_tags.hpp"

#include <algorithm>
#include <cstdint>

namespace mlbilling::audio {
namespace {

std::size_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

/// The size is four times seven bits (id3.org, ID3v2.4 structure, section 3.1).
std::size_t id3v2(std::string_view bytes) {
    constexpr std::size_t header = 10;
    if (!bytes.starts_with("ID3") || bytes.size() < header) return 0;
    std::size_t size = 0;
    for (std::size_t i = 6; i < header; ++i) size = (size << 7U) | (byte_at(bytes, i) & 0x7FU);
    constexpr std::size_t has_footer = 0x10;
    return header + size + ((byte_at(bytes, 5) & has_footer) != 0 ? header : 0);
}

/// Mostly at the end of a file; in front of another where files were put together.
std::size_t id3v1(std::string_view bytes) {
    constexpr std::size_t length = 128;
    return bytes.starts_with("TAG") && bytes.size() >= length ? length : 0;
}

/// A header counts what follows it, a footer is all that is left of a tag (APE tag, version 2).
std::size_t ape(std::string_view bytes) {
    constexpr std::size_t header = 32;
    if (!bytes.starts_with("APETAGEX") || bytes.size() < header) return 0;
    constexpr std::size_t is_header = 0x20;
    if ((byte_at(bytes, 23) & is_header) == 0) return header;
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size |= byte_at(bytes, 12 + i) << (8 * i);
    return header + size;
}

}  // namespace

std::size_t length_of_leading_tags(std::string_view bytes) {
    std::size_t length = 0;
    while (length < bytes.size()) {
        const auto rest = bytes.substr(length);
        const auto tag = std::max({id3v2(rest), id3v1(rest), ape(rest)});
        if (tag == 0) break;
        length += tag;
    }
    return std::min(length, bytes.size());
}

}  // namespace mlbilling::audio
