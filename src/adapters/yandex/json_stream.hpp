#pragma once

#include <boost/json/object.hpp>
#include <boost/json/stream_parser.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Reads JSON from outside: bounded in depth, tolerant of members that it does not know. A member
/// that is absent, of another type or out of range is simply not there.
namespace mlbilling::yandex {

/// JSON objects one after the other, with line breaks, commas or nothing between them, as the
/// gateway in front of SpeechKit v3 streams its messages.
class JsonStream {
  public:
    explicit JsonStream(std::string_view text) : rest_(text) {}

    /// The next object; nothing at the end, and where the text is no JSON object any more.
    std::optional<boost::json::object> next();
    /// Whether the text ended where an object may.
    bool intact() const { return intact_; }

  private:
    std::string_view rest_;
    bool intact_ = true;
};

/// The one object that the text consists of.
std::optional<boost::json::object> parse_object(std::string_view text);

const boost::json::object* object_in(const boost::json::object& object, std::string_view name);
/// A string; empty when there is none.
std::string_view text_in(const boost::json::object& object, std::string_view name);
/// A 64-bit integer, which protobuf's JSON writes as a string and others as a number.
std::optional<std::int64_t> integer_in(const boost::json::object& object, std::string_view name);
bool flag_in(const boost::json::object& object, std::string_view name);

}  // namespace mlbilling::yandex
