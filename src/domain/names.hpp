#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "base/check.hpp"

namespace mlbilling {

/// How the values of an enumeration are written in tables, messages and metrics.
template <class Enum, std::size_t size>
using Names = std::array<std::pair<Enum, std::string_view>, size>;

/// CHECKs that the table names the value.
template <class Enum, std::size_t size>
std::string_view name_of(const Names<Enum, size>& names, Enum value) {
    for (const auto& [candidate, name] : names)
        if (candidate == value) return name;
    check_failed("every value has a name", __FILE__, __LINE__);
}

template <class Enum, std::size_t size>
std::optional<Enum> value_of(const Names<Enum, size>& names, std::string_view name) {
    for (const auto& [value, candidate] : names)
        if (candidate == name) return value;
    return std::nullopt;
}

}  // namespace mlbilling
