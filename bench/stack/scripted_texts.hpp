#pragma once

#include <cstdint>
#include <string>

namespace mlbilling::bench {

/// What somebody might send to have it read out, of 100 to 200 letters; each number has a text of
/// its own, up to four thousand million.
std::string text_of(std::uint32_t number);

}  // namespace mlbilling::bench
