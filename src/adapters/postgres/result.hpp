#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "adapters/postgres/binary.hpp"
#include "base/check.hpp"

struct pg_result;

namespace mlbilling::postgres {

/// What a statement returned: its rows are stepped through, the columns of the row are read in
/// order. A column that is not what the caller reads is a mistake of ours and ends the process.
class Rows {
  public:
    Rows() = default;
    explicit Rows(pg_result* result);

    /// Steps to the next row, at first to the first; false when there is none.
    bool next();
    int size() const;
    /// How many rows the statement inserted, changed or deleted.
    int affected() const;

    /// The next column of the current row as a T: an integer, bool, string, string_view (valid as
    /// long as these rows), Credits, Time (cut to the millisecond), a strong id, or an optional of
    /// these. Sums must be cast: sum(bigint) is numeric.
    template <class T>
    T read();
    /// The next column as the value that `parse` finds for its text; CHECKs that there is one.
    template <class Parse>
    auto read_name(Parse parse) {
        const auto value = parse(text(column_++));
        CHECK(value.has_value());
        return *value;
    }
    /// Whether the next column is NULL; it stays the next.
    bool at_null() const { return is_null(column_); }

  private:
    struct Clear {
        void operator()(pg_result* result) const;
    };

    bool is_null(int column) const;
    /// smallint, integer or bigint.
    std::int64_t integer(int column) const;
    bool boolean(int column) const;
    Time time(int column) const;
    std::string_view text(int column) const;

    std::unique_ptr<pg_result, Clear> result_;
    int row_ = -1;
    int column_ = 0;
};

template <class T>
T Rows::read() {
    if constexpr (IsOptional<T>::value) {
        if (!is_null(column_)) return read<typename T::value_type>();
        ++column_;
        return std::nullopt;
    } else if constexpr (IsStrong<T>::value) {
        return T(read<std::remove_cvref_t<decltype(std::declval<T>().value())>>());
    } else if constexpr (std::same_as<T, std::string> || std::same_as<T, std::string_view>) {
        return T(text(column_++));
    } else if constexpr (std::same_as<T, Credits>) {
        return Credits(integer(column_++));
    } else if constexpr (std::same_as<T, Time>) {
        return time(column_++);
    } else if constexpr (std::same_as<T, Duration>) {
        return Duration(integer(column_++));
    } else if constexpr (std::same_as<T, bool>) {
        return boolean(column_++);
    } else {
        static_assert(std::signed_integral<T>);
        const auto value = integer(column_++);
        CHECK(value >= std::numeric_limits<T>::min());
        CHECK(value <= std::numeric_limits<T>::max());
        return static_cast<T>(value);
    }
}

}  // namespace mlbilling::postgres
