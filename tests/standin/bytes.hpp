#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mlbilling::standin {

std::string base64(std::string_view bytes);
/// Standard or URL-safe, with or without padding, as proto3 JSON allows. Nothing when it is
/// neither.
std::optional<std::string> from_base64(std::string_view text);

/// FNV-1a of 64 bits: tells contents apart, protects nothing.
std::uint64_t hash_of(std::string_view bytes);
std::string hex(std::uint64_t number);

}  // namespace mlbilling::standin
