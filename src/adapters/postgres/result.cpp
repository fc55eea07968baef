#include "adapters/postgres/result.hpp"

#include <libpq-fe.h>

#include <charconv>

namespace mlbilling::postgres {
namespace {

/// Reads an integer in network byte order.
std::int64_t integer_of(const char* bytes, int length) {
    // Sign extension comes with the first byte.
    auto value = std::int64_t{static_cast<signed char>(bytes[0])};
    for (int i = 1; i < length; ++i) value = value * 256 + static_cast<unsigned char>(bytes[i]);
    return value;
}

}  // namespace

void Rows::Clear::operator()(pg_result* result) const { PQclear(result); }

Rows::Rows(pg_result* result) : result_(result) {}

bool Rows::next() {
    column_ = 0;
    return ++row_ < size();
}

int Rows::size() const { return PQntuples(result_.get()); }

int Rows::affected() const {
    const std::string_view text = PQcmdTuples(result_.get());
    int count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
}

bool Rows::is_null(int column) const {
    CHECK(row_ >= 0 && row_ < size());
    CHECK(column < PQnfields(result_.get()));
    return PQgetisnull(result_.get(), row_, column) != 0;
}

std::int64_t Rows::integer(int column) const {
    CHECK(!is_null(column));
    const int length = PQgetlength(result_.get(), row_, column);
    const auto type = PQftype(result_.get(), column);
    constexpr unsigned smallint = 21;
    CHECK(type == smallint || type == static_cast<unsigned>(Type::integer) ||
          type == static_cast<unsigned>(Type::bigint));
    CHECK(length == 2 || length == 4 || length == 8);
    return integer_of(PQgetvalue(result_.get(), row_, column), length);
}

bool Rows::boolean(int column) const {
    CHECK(!is_null(column));
    CHECK(PQftype(result_.get(), column) == static_cast<unsigned>(Type::boolean));
    return PQgetvalue(result_.get(), row_, column)[0] != 0;
}

Time Rows::time(int column) const {
    CHECK(!is_null(column));
    CHECK(PQftype(result_.get(), column) == static_cast<unsigned>(Type::timestamptz));
    const std::chrono::microseconds since_2000(
        integer_of(PQgetvalue(result_.get(), row_, column), sizeof(std::int64_t)));
    return Time(std::chrono::floor<Duration>(since_2000) + Duration(epoch_of_2000_ms));
}

std::string_view Rows::text(int column) const {
    CHECK(!is_null(column));
    std::string_view value(PQgetvalue(result_.get(), row_, column),
                           static_cast<std::size_t>(PQgetlength(result_.get(), row_, column)));
    // The binary form of jsonb is its text after a version byte.
    constexpr unsigned jsonb = 3802;
    if (PQftype(result_.get(), column) == jsonb) value.remove_prefix(1);
    return value;
}

}  // namespace mlbilling::postgres
