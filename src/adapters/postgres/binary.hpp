#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/strong.hpp"
#include "base/time.hpp"
#include "domain/credits.hpp"

namespace mlbilling::postgres {

/// Object ids of the types that we use (PostgreSQL's catalogue, src/include/catalog/pg_type.dat).
enum class Type : unsigned {
    boolean = 16,
    bigint = 20,
    integer = 23,
    text = 25,
    timestamptz = 1184,
    boolean_array = 1000,
    integer_array = 1007,
    text_array = 1009,
    bigint_array = 1016,
    timestamptz_array = 1185
};

template <class T>
struct IsStrong : std::false_type {};
template <class Tag, class Rep>
struct IsStrong<Strong<Tag, Rep>> : std::true_type {};
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

/// PostgreSQL's timestamps count microseconds from 2000-01-01 UTC.
constexpr std::int64_t epoch_of_2000_ms = 946'684'800'000;

/// The type as which a value of T is sent; durations go as bigint, in milliseconds.
template <class T>
constexpr Type type_of() {
    if constexpr (IsOptional<T>::value) {
        return type_of<typename T::value_type>();
    } else if constexpr (IsStrong<T>::value) {
        return type_of<std::remove_cvref_t<decltype(std::declval<T>().value())>>();
    } else if constexpr (std::same_as<T, bool>) {
        return Type::boolean;
    } else if constexpr (std::same_as<T, Credits>) {
        return Type::integer;
    } else if constexpr (std::same_as<T, Time>) {
        return Type::timestamptz;
    } else if constexpr (std::same_as<T, Duration>) {
        return Type::bigint;
    } else if constexpr (std::signed_integral<T>) {
        return sizeof(T) <= sizeof(std::int32_t) ? Type::integer : Type::bigint;
    } else {
        static_assert(std::convertible_to<T, std::string_view>);
        return Type::text;
    }
}

constexpr Type array_of(Type element) {
    switch (element) {
        case Type::boolean: return Type::boolean_array;
        case Type::integer: return Type::integer_array;
        case Type::bigint: return Type::bigint_array;
        case Type::timestamptz: return Type::timestamptz_array;
        default: return Type::text_array;
    }
}

/// Appends the integer in network byte order.
template <std::integral T>
void append_integer(std::string& buffer, T value) {
    const auto bits = static_cast<std::make_unsigned_t<T>>(value);
    char bytes[sizeof(T)];
    for (std::size_t i = 0; i < sizeof(T); ++i)
        bytes[i] = static_cast<char>((bits >> (8 * (sizeof(T) - 1 - i))) & 0xff);
    buffer.append(bytes, sizeof(T));
}

/// Appends a text as the server takes it: what is not valid UTF-8, and each NUL, becomes U+FFFD.
void append_text(std::string& buffer, std::string_view text);

/// Appends the value, which is not an empty optional, in the binary format of its type.
template <class T>
void append_binary(std::string& buffer, const T& value) {
    if constexpr (IsStrong<T>::value) {
        append_binary(buffer, value.value());
    } else if constexpr (std::same_as<T, bool>) {
        buffer.push_back(value ? '\1' : '\0');
    } else if constexpr (std::same_as<T, Credits>) {
        append_integer(buffer, static_cast<std::int32_t>(value.value()));
    } else if constexpr (std::same_as<T, Time>) {
        append_integer(buffer,
                       std::int64_t{(value.time_since_epoch().count() - epoch_of_2000_ms) * 1000});
    } else if constexpr (std::same_as<T, Duration>) {
        append_integer(buffer, std::int64_t{value.count()});
    } else if constexpr (std::signed_integral<T>) {
        if constexpr (sizeof(T) <= sizeof(std::int32_t)) {
            append_integer(buffer, static_cast<std::int32_t>(value));
        } else {
            append_integer(buffer, static_cast<std::int64_t>(value));
        }
    } else {
        append_text(buffer, value);
    }
}

}  // namespace mlbilling::postgres
