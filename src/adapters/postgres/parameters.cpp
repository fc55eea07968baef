#include "adapters/postgres/parameters.hpp"

#include <limits>

#include "base/check.hpp"

namespace mlbilling::postgres {
namespace {

constexpr auto none = std::numeric_limits<std::size_t>::max();
constexpr int binary_format = 1;

int checked_length(std::size_t length) {
    CHECK(length <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
    return static_cast<int>(length);
}

}  // namespace

std::vector<const char*> Parameters::values() const {
    std::vector<const char*> values;
    values.reserve(begins_.size());
    for (const auto begin : begins_)
        values.push_back(begin == none ? nullptr : data_.data() + begin);
    return values;
}

void Parameters::begin(Type type, bool null) {
    types_.push_back(static_cast<unsigned>(type));
    begins_.push_back(null ? none : data_.size());
    lengths_.push_back(0);
    formats_.push_back(binary_format);
}

void Parameters::finish() { lengths_.back() = checked_length(data_.size() - begins_.back()); }

void Parameters::begin_array(std::int32_t size, Type element) {
    append_integer(data_, std::int32_t{1});  // dimensions
    append_integer(data_, std::int32_t{1});  // may hold NULLs
    append_integer(data_, static_cast<std::uint32_t>(element));
    append_integer(data_, size);
    append_integer(data_, std::int32_t{1});  // index of the first
}

void Parameters::write_length(std::size_t at, std::size_t length) {
    const auto bits = static_cast<std::uint32_t>(checked_length(length));
    for (std::size_t i = 0; i < sizeof(bits); ++i)
        data_[at + i] = static_cast<char>((bits >> (8 * (sizeof(bits) - 1 - i))) & 0xff);
}

}  // namespace mlbilling::postgres
