#pragma once

#include <amqp.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mlbilling::rabbitmq {

/// A view for the library, which does not change what it encodes. Valid as long as the text.
inline amqp_bytes_t bytes(std::string_view text) {
    return {text.size(), const_cast<char*>(text.data())};
}

inline std::string_view view(amqp_bytes_t bytes) {
    return {static_cast<const char*>(bytes.bytes), bytes.len};
}

/// An AMQP table for the library to encode; the texts must outlive it.
class Table {
  public:
    Table& text(std::string_view key, std::string_view value) {
        return add(key, AMQP_FIELD_KIND_UTF8).value.bytes = bytes(value), *this;
    }
    Table& number(std::string_view key, std::int64_t value) {
        return add(key, AMQP_FIELD_KIND_I64).value.i64 = value, *this;
    }
    Table& truth(std::string_view key, bool value) {
        return add(key, AMQP_FIELD_KIND_BOOLEAN).value.boolean = value ? 1 : 0, *this;
    }
    Table& table(std::string_view key, Table& value) {
        return add(key, AMQP_FIELD_KIND_TABLE).value.table = value.raw(), *this;
    }

    bool empty() const { return entries_.empty(); }
    /// Valid until the next entry is added.
    amqp_table_t raw() { return {static_cast<int>(entries_.size()), entries_.data()}; }

  private:
    amqp_field_value_t& add(std::string_view key, char kind) {
        entries_.push_back({bytes(key), {}});
        entries_.back().value.kind = static_cast<std::uint8_t>(kind);
        return entries_.back().value;
    }

    std::vector<amqp_table_entry_t> entries_;
};

}  // namespace mlbilling::rabbitmq
