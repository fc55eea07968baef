#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace mlbilling::standin {

/// Samples per second in which Opus counts (RFC 7845).
constexpr std::int64_t opus_rate = 48'000;

struct OggPage {
    std::uint8_t flags = 0;
    std::int64_t granule = 0;
    std::uint32_t serial = 0;
    std::uint32_t sequence = 0;
    /// One byte for each segment of the packets.
    std::string lacing;
    std::string body;
};

/// The page as bytes, with its checksum (RFC 3533 6).
std::string written(const OggPage& page);

/// The pages of a file. Nothing when it does not begin as Ogg, is cut off or a checksum is wrong.
std::optional<std::vector<OggPage>> read_pages(std::string_view bytes);

/// The packets that end in these pages, in order.
std::vector<std::string> packets_of(const std::vector<OggPage>& pages);

/// What an Ogg/Opus file says about itself, over all streams that it chains.
struct OggOpus {
    Duration duration{};
    int channels = 1;
    /// The audio packets of all streams.
    std::vector<std::string> packets;
    /// Hash of the audio packets alone: serial numbers and tags are left out.
    std::uint64_t hash = 0;
};

/// Nothing when the first stream is no Opus, or the file is no Ogg.
std::optional<OggOpus> read_ogg_opus(std::string_view bytes);

}  // namespace mlbilling::standin
