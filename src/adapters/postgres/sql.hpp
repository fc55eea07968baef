#pragma once

#include <string_view>

namespace mlbilling::postgres {

/// SQL written in our source, with parameters $1, $2, …: never put together at run time, so that
/// nothing from outside is ever in it and its address can name its prepared statement.
class Sql {
  public:
    template <std::size_t size>
    // NOLINTNEXTLINE(google-explicit-constructor): a literal is what callers write
    consteval Sql(const char (&text)[size]) : text_(text, size - 1) {}

    constexpr std::string_view text() const { return text_; }
    /// The literal ends with a NUL, as libpq wants it.
    constexpr const char* c_str() const { return text_.data(); }

  private:
    std::string_view text_;
};

}  // namespace mlbilling::postgres
