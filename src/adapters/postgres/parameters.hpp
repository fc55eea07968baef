#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "adapters/postgres/binary.hpp"

namespace mlbilling::postgres {

/// The values of one statement in PostgreSQL's binary format, $1 first.
class Parameters {
  public:
    Parameters() = default;
    template <class... Values>
    static Parameters of(const Values&... values) {
        Parameters parameters;
        (parameters.add(values), ...);
        return parameters;
    }

    /// An integer, bool, text, Credits, Time, Duration (bigint, milliseconds), a strong id, or an
    /// optional of these.
    template <class T>
    void add(const T& value) {
        if constexpr (IsOptional<T>::value) {
            if (!value) return begin(type_of<T>(), true);
            add(*value);
        } else {
            begin(type_of<T>(), false);
            append_binary(data_, value);
            finish();
        }
    }

    /// An array with `part(item)` of every item, e.g. for unnest.
    template <class Items, class Part>
    void add_array(const Items& items, Part part) {
        using Value = std::remove_cvref_t<decltype(part(*std::begin(items)))>;
        begin(array_of(type_of<Value>()), false);
        begin_array(static_cast<std::int32_t>(std::size(items)), type_of<Value>());
        for (const auto& item : items) add_element(part(item));
        finish();
    }

    int count() const { return static_cast<int>(types_.size()); }
    const std::vector<unsigned>& types() const { return types_; }
    const std::vector<int>& lengths() const { return lengths_; }
    const std::vector<int>& formats() const { return formats_; }
    /// Where each value begins; null for NULL. Valid while this object is.
    std::vector<const char*> values() const;

  private:
    void begin(Type type, bool null);
    void finish();
    void begin_array(std::int32_t size, Type element);
    void write_length(std::size_t at, std::size_t length);

    template <class T>
    void add_element(const T& value) {
        if constexpr (IsOptional<T>::value) {
            if (value) {
                add_element(*value);
            } else {
                append_integer(data_, std::int32_t{-1});
            }
        } else {
            const auto at = data_.size();
            append_integer(data_, std::int32_t{0});
            append_binary(data_, value);
            write_length(at, data_.size() - at - sizeof(std::int32_t));
        }
    }

    std::string data_;
    std::vector<unsigned> types_;
    /// Offsets into data_; `none` for NULL.
    std::vector<std::size_t> begins_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
};

}  // namespace mlbilling::postgres
