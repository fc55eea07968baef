#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/check.hpp"
#include "base/strong.hpp"
#include "base/time.hpp"
#include "domain/credits.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace mlbilling::sqlite {

/// SQL written in our source: never put together at run time, so that nothing from outside is ever
/// in it and its address can name its prepared statement.
class Sql {
  public:
    template <std::size_t size>
    // NOLINTNEXTLINE(google-explicit-constructor): a literal is what callers write
    consteval Sql(const char (&text)[size]) : text_(text, size - 1) {}

    constexpr std::string_view text() const { return text_; }

  private:
    std::string_view text_;
};

/// A prepared statement; kept by its Connection and used by one Query at a time.
class Statement {
  public:
    Statement(sqlite3* database, std::string_view sql);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    sqlite3_stmt* handle() const { return handle_; }
    /// Whether a Query uses it now.
    bool in_use = false;

  private:
    sqlite3_stmt* handle_ = nullptr;
};

template <class T>
struct IsStrong : std::false_type {};
template <class Tag, class Rep>
struct IsStrong<Strong<Tag, Rep>> : std::true_type {};
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

/// One run of a prepared statement: values are bound in order, rows are stepped through, columns of
/// the row are read in order. Throws Unavailable; a broken constraint ends the process
/// (failure.hpp).
class Query {
  public:
    explicit Query(Statement& statement);
    template <class... Values>
    explicit Query(Statement& statement, const Values&... values) : Query(statement) {
        (bind(values), ...);
    }
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    template <class T>
    void bind(const T& value);

    /// Steps to the next row; false when there is none.
    bool next();
    /// Steps to the end.
    void finish() {
        while (next()) {
        }
    }

    /// The next column of the current row as a T: an integer, bool, string, Credits, Time,
    /// Duration, a strong id, or an optional of these.
    template <class T>
    T read();
    /// The next column as the value that `parse` finds for its text; CHECKs that there is one.
    template <class Parse>
    auto read_name(Parse parse) {
        const auto value = parse(text(column_++));
        CHECK(value.has_value());
        return *value;
    }

  private:
    void bind_integer(std::int64_t value);
    void bind_text(std::string_view value);
    void bind_null();
    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    std::string_view text(int column) const;

    Statement& statement_;
    int bound_ = 0;
    int column_ = 0;
};

template <class T>
void Query::bind(const T& value) {
    if constexpr (IsOptional<T>::value) {
        if (value) {
            bind(*value);
        } else {
            bind_null();
        }
    } else if constexpr (IsStrong<T>::value || std::same_as<T, Credits>) {
        bind(value.value());
    } else if constexpr (std::same_as<T, Time>) {
        bind_integer(value.time_since_epoch().count());
    } else if constexpr (std::same_as<T, Duration>) {
        bind_integer(value.count());
    } else if constexpr (std::integral<T>) {
        bind_integer(static_cast<std::int64_t>(value));
    } else {
        bind_text(value);
    }
}

template <class T>
T Query::read() {
    if constexpr (IsOptional<T>::value) {
        if (!is_null(column_)) return read<typename T::value_type>();
        ++column_;
        return std::nullopt;
    } else if constexpr (IsStrong<T>::value) {
        return T(read<std::remove_cvref_t<decltype(std::declval<T>().value())>>());
    } else if constexpr (std::same_as<T, std::string>) {
        return std::string(text(column_++));
    } else if constexpr (std::same_as<T, Credits>) {
        return Credits(integer(column_++));
    } else if constexpr (std::same_as<T, Time>) {
        return Time(Duration(integer(column_++)));
    } else if constexpr (std::same_as<T, Duration>) {
        return Duration(integer(column_++));
    } else if constexpr (std::same_as<T, bool>) {
        return integer(column_++) != 0;
    } else {
        static_assert(std::signed_integral<T>);
        const auto value = integer(column_++);
        CHECK(value >= std::numeric_limits<T>::min());
        CHECK(value <= std::numeric_limits<T>::max());
        return static_cast<T>(value);
    }
}

}  // namespace mlbilling::sqlite
