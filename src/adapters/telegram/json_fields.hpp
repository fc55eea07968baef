#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Reads members of JSON from outside. A member that is absent, of another type or out of range is
/// simply not there.
namespace mlbilling::telegram {

const boost::json::object* object_in(const boost::json::object& object, std::string_view name);
std::optional<std::int64_t> integer_in(const boost::json::object& object, std::string_view name);
/// An id: not zero and of at most 52 significant bits (telegram.md 1.1).
std::optional<std::int64_t> id_in(const boost::json::object& object, std::string_view name);
/// A string of at most `longest` bytes.
std::optional<std::string> text_in(const boost::json::object& object, std::string_view name,
                                   std::size_t longest);
/// Whether the member is the literal true.
bool flag_in(const boost::json::object& object, std::string_view name);

}  // namespace mlbilling::telegram
