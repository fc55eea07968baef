#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/strong.hpp"

namespace mlbilling::log {

enum class Level { debug, info, warning, error };
enum class Format { text, json };

/// One named value of a log line. Never a user's text, a token or a file's content.
class Field {
  public:
    Field(std::string_view name, std::string_view value);
    Field(std::string_view name, const char* value) : Field(name, std::string_view(value)) {}
    Field(std::string_view name, const std::string& value) : Field(name, std::string_view(value)) {}
    Field(std::string_view name, bool value);
    template <std::integral Number>
    Field(std::string_view name, Number value)
        : Field(name, static_cast<long long>(value), NumberTag{}) {}
    template <class Tag, class Rep>
    Field(std::string_view name, const Strong<Tag, Rep>& value) : Field(name, value.value()) {}

    std::string_view name() const { return name_; }
    const std::string& value() const { return value_; }
    /// Whether the value stands in JSON without quotes.
    bool bare() const { return bare_; }

  private:
    struct NumberTag {};
    Field(std::string_view name, long long value, NumberTag);

    std::string_view name_;
    std::string value_;
    bool bare_ = false;
};

using Fields = std::initializer_list<Field>;

/// Sets what is written and how; to stderr. Called once by main, before any thread starts; until
/// then lines of level info and above are written as text.
void configure(Level threshold, Format format);

/// Replaces the secret in later messages and values by `***`, however it is encoded
/// (redaction.hpp); of 4 or 5 bytes only where it is a word of its own, and a shorter one is
/// ignored. Any thread.
void redact(std::string secret);

/// Writes one line of valid UTF-8, in JSON one object. Control characters are escaped, invalid
/// bytes become U+FFFD; a long message or value is cut at 2,000 bytes. May be called from any
/// thread.
void write(Level level, std::string_view message, Fields fields);

inline void debug(std::string_view message, Fields fields = {}) {
    write(Level::debug, message, fields);
}
inline void info(std::string_view message, Fields fields = {}) {
    write(Level::info, message, fields);
}
inline void warning(std::string_view message, Fields fields = {}) {
    write(Level::warning, message, fields);
}
inline void error(std::string_view message, Fields fields = {}) {
    write(Level::error, message, fields);
}

}  // namespace mlbilling::log
