#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mlbilling::audio {

/// One page of an Ogg file (RFC 3533, section 6).
struct OggPage {
    /// Goes on with the packet that the page before left unfinished.
    bool continues = false;
    bool first_of_stream = false;
    bool last_of_stream = false;
    /// Of the last packet that ends in this page; -1 when none does.
    std::int64_t granule_position = -1;
    std::uint32_t serial = 0;
    std::uint32_t sequence = 0;
    /// Lengths that `body` is cut into: a packet goes on as long as they are 255.
    std::vector<std::uint8_t> lacing;
    std::string_view body;
};

/// Takes the page that `bytes` begins with off them. Nothing, and they are left as they are, when
/// they do not begin with a whole page whose checksum is right.
std::optional<OggPage> take_page(std::string_view& bytes);

/// Appends the page with its checksum.
void append_page(std::string& file, const OggPage& page);

}  // namespace mlbilling::audio
