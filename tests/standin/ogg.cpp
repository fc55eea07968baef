#include "standin/ogg.hpp"

#include <algorithm>
#include <array>

#include "standin/bytes.hpp"

namespace mlbilling::standin {
namespace {

constexpr std::size_t header_size = 27;
constexpr std::size_t checksum_at = 22;
constexpr std::uint8_t begin_of_stream = 2;

/// CRC-32 with the polynomial of RFC 3533, unreflected.
std::uint32_t checksum(std::string_view bytes) {
    static const auto table = [] {
        std::array<std::uint32_t, 256> values{};
        for (std::uint32_t byte = 0; byte < values.size(); ++byte) {
            std::uint32_t value = byte << 24U;
            for (int bit = 0; bit < 8; ++bit)
                value = (value & 0x80000000U) != 0 ? (value << 1U) ^ 0x04C11DB7U : value << 1U;
            values.at(byte) = value;
        }
        return values;
    }();
    std::uint32_t sum = 0;
    for (const char byte : bytes)
        sum = (sum << 8U) ^ table.at((sum >> 24U) ^ static_cast<unsigned char>(byte));
    return sum;
}

template <class Number>
void append(std::string& bytes, Number number) {
    auto rest = static_cast<std::uint64_t>(number);
    for (std::size_t i = 0; i < sizeof(Number); ++i, rest >>= 8U)
        bytes += static_cast<char>(rest & 0xFFU);
}

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint64_t number = 0;
    for (std::size_t i = size; i > 0; --i)
        number = (number << 8U) | static_cast<unsigned char>(bytes[at + i - 1]);
    return number;
}

/// One page from the front of the bytes.
std::optional<OggPage> take_page(std::string_view& bytes) {
    if (bytes.size() < header_size || !bytes.starts_with("OggS")) return std::nullopt;
    const auto segments = static_cast<std::size_t>(static_cast<unsigned char>(bytes[26]));
    if (bytes.size() < header_size + segments) return std::nullopt;
    OggPage page;
    page.flags = static_cast<std::uint8_t>(bytes[5]);
    page.granule = static_cast<std::int64_t>(number_at(bytes, 6, 8));
    page.serial = static_cast<std::uint32_t>(number_at(bytes, 14, 4));
    page.sequence = static_cast<std::uint32_t>(number_at(bytes, 18, 4));
    page.lacing = bytes.substr(header_size, segments);
    std::size_t size = 0;
    for (const char segment : page.lacing) size += static_cast<unsigned char>(segment);
    const auto whole = header_size + segments + size;
    if (bytes.size() < whole) return std::nullopt;
    page.body = bytes.substr(header_size + segments, size);
    const auto claimed = bytes.substr(checksum_at, 4);
    if (written(page).substr(checksum_at, 4) != claimed) return std::nullopt;
    bytes.remove_prefix(whole);
    return page;
}

void add_stream(OggOpus& sum, const std::vector<OggPage>& pages) {
    auto packets = packets_of(pages);
    const auto skip = static_cast<std::int64_t>(number_at(packets.front(), 10, 2));
    std::int64_t last = skip;
    for (const auto& page : pages) last = std::max(last, page.granule);
    const auto samples = last - skip;
    sum.duration += Duration((samples * 1'000 + opus_rate - 1) / opus_rate);
    for (std::size_t i = 2; i < packets.size(); ++i) {
        sum.hash = sum.hash * 31 + hash_of(packets[i]);
        sum.packets.push_back(std::move(packets[i]));
    }
}

}  // namespace

std::string written(const OggPage& page) {
    std::string bytes("OggS\0", 5);
    bytes.reserve(header_size + page.lacing.size() + page.body.size());
    append(bytes, page.flags);
    append(bytes, page.granule);
    append(bytes, page.serial);
    append(bytes, page.sequence);
    append(bytes, std::uint32_t{0});
    append(bytes, static_cast<std::uint8_t>(page.lacing.size()));
    bytes += page.lacing;
    bytes += page.body;
    std::string sum;
    append(sum, checksum(bytes));
    bytes.replace(checksum_at, sum.size(), sum);
    return bytes;
}

std::optional<std::vector<OggPage>> read_pages(std::string_view bytes) {
    std::vector<OggPage> pages;
    while (!bytes.empty()) {
        auto page = take_page(bytes);
        if (!page) return std::nullopt;
        pages.push_back(*std::move(page));
    }
    return pages;
}

std::vector<std::string> packets_of(const std::vector<OggPage>& pages) {
    constexpr unsigned char goes_on = 255;
    std::vector<std::string> packets;
    std::string packet;
    for (const auto& page : pages) {
        std::size_t at = 0;
        for (const char segment : page.lacing) {
            const auto size = static_cast<unsigned char>(segment);
            packet.append(page.body, at, size);
            at += size;
            if (size == goes_on) continue;
            packets.push_back(std::exchange(packet, {}));
        }
    }
    return packets;
}

std::optional<OggOpus> read_ogg_opus(std::string_view bytes) {
    constexpr std::size_t head_size = 19;
    const auto pages = read_pages(bytes);
    if (!pages || pages->empty()) return std::nullopt;
    OggOpus sum;
    std::vector<OggPage> stream;
    for (std::size_t i = 0; i < pages->size(); ++i) {
        stream.push_back((*pages)[i]);
        const bool ends = i + 1 == pages->size() || ((*pages)[i + 1].flags & begin_of_stream) != 0;
        if (!ends) continue;
        const auto& head = stream.front().body;
        if (!head.starts_with("OpusHead") || head.size() < head_size) return std::nullopt;
        sum.channels = static_cast<unsigned char>(head[9]);
        add_stream(sum, stream);
        stream.clear();
    }
    return sum;
}

}  // namespace mlbilling::standin
