#pragma once

#include <cstddef>
#include <string_view>

namespace mlbilling::audio {

/// Length of the tags with titles, pictures and the like in front of the sound, one after the
/// other: ID3v2 with or without a footer, ID3v1, APEv2. At most all bytes.
std::size_t length_of_leading_tags(std::string_view bytes);

}  // namespace mlbilling::audio
