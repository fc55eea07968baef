#include "adapters/audio/ogg_page.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace mlbilling::audio {
namespace {

constexpr std::size_t header_size = 27;
constexpr std::size_t checksum_at = 22;
constexpr std::uint8_t continues_flag = 1;
constexpr std::uint8_t first_flag = 2;
constexpr std::uint8_t last_flag = 4;

/// Tables for eight bytes at a step; the polynomial is RFC 3533's, not reflected.
using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr Tables make_tables() {
    Tables tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t value = byte << 24U;
        for (int bit = 0; bit < 8; ++bit)
            value = (value << 1U) ^ ((value & 0x80000000U) != 0 ? 0x04C11DB7U : 0U);
        tables[0][byte] = value;
    }
    for (std::size_t table = 1; table < tables.size(); ++table)
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const auto before = tables[table - 1][byte];
            tables[table][byte] = (before << 8U) ^ tables[0][before >> 24U];
        }
    return tables;
}

constexpr Tables tables = make_tables();

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

std::uint32_t add_to_checksum(std::uint32_t sum, std::string_view bytes) {
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        std::uint32_t next = 0;
        for (std::size_t i = 0; i < 4; ++i)
            next ^= tables[7 - i][byte_at(bytes, at + i) ^ ((sum >> (24 - 8 * i)) & 0xFFU)];
        for (std::size_t i = 4; i < 8; ++i) next ^= tables[7 - i][byte_at(bytes, at + i)];
        sum = next;
    }
    for (; at < bytes.size(); ++at)
        sum = (sum << 8U) ^ tables[0][(sum >> 24U) ^ byte_at(bytes, at)];
    return sum;
}

/// Of a whole page, whose checksum field counts as zero.
std::uint32_t checksum_of(std::string_view page) {
    auto sum = add_to_checksum(0, page.substr(0, checksum_at));
    sum = add_to_checksum(sum, std::string_view("\0\0\0\0", 4));
    return add_to_checksum(sum, page.substr(checksum_at + 4));
}

/// Little-endian.
std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint64_t number = 0;
    for (std::size_t i = size; i > 0; --i) number = (number << 8U) | byte_at(bytes, at + i - 1);
    return number;
}

void append_number(std::string& bytes, std::uint64_t number, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(number >> (8 * i));
}

std::uint8_t flags_of(const OggPage& page) {
    return static_cast<std::uint8_t>((page.continues ? continues_flag : 0) |
                                     (page.first_of_stream ? first_flag : 0) |
                                     (page.last_of_stream ? last_flag : 0));
}

}  // namespace

std::optional<OggPage> take_page(std::string_view& bytes) {
    // The four letters, and version 0.
    if (bytes.size() < header_size || !bytes.starts_with(std::string_view("OggS\0", 5)))
        return std::nullopt;
    const std::size_t segments = byte_at(bytes, header_size - 1);
    if (bytes.size() < header_size + segments) return std::nullopt;
    OggPage page;
    const auto lacing = bytes.substr(header_size, segments);
    page.lacing.assign(lacing.begin(), lacing.end());
    const auto body = std::accumulate(page.lacing.begin(), page.lacing.end(), std::size_t{0});
    const auto size = header_size + segments + body;
    if (bytes.size() < size) return std::nullopt;
    if (checksum_of(bytes.substr(0, size)) != number_at(bytes, checksum_at, 4)) return std::nullopt;
    const auto flags = byte_at(bytes, 5);
    page.continues = (flags & continues_flag) != 0;
    page.first_of_stream = (flags & first_flag) != 0;
    page.last_of_stream = (flags & last_flag) != 0;
    page.granule_position = static_cast<std::int64_t>(number_at(bytes, 6, 8));
    page.serial = static_cast<std::uint32_t>(number_at(bytes, 14, 4));
    page.sequence = static_cast<std::uint32_t>(number_at(bytes, 18, 4));
    page.body = bytes.substr(header_size + segments, body);
    bytes.remove_prefix(size);
    return page;
}

void append_page(std::string& file, const OggPage& page) {
    const auto begin = file.size();
    file += std::string_view("OggS\0", 5);
    file += static_cast<char>(flags_of(page));
    append_number(file, static_cast<std::uint64_t>(page.granule_position), 8);
    append_number(file, page.serial, 4);
    append_number(file, page.sequence, 4);
    append_number(file, 0, 4);
    file += static_cast<char>(page.lacing.size());
    file.append(page.lacing.begin(), page.lacing.end());
    file += page.body;
    std::string checksum;
    append_number(checksum, checksum_of(std::string_view(file).substr(begin)), 4);
    file.replace(begin + checksum_at, 4, checksum);
}

}  // namespace mlbilling::audio
