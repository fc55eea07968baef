#include "adapters/rabbitmq/properties.hpp"

#include <limits>
#include <optional>
#include <utility>

#include "base/check.hpp"

namespace mlbilling::rabbitmq {
namespace {

constexpr std::size_t most_headers = 64;
constexpr std::size_t longest_headers = 16UL * 1024;

std::optional<std::string> read_value(const amqp_field_value_t& value) {
    switch (value.kind) {
        case AMQP_FIELD_KIND_UTF8:
        case AMQP_FIELD_KIND_BYTES: return std::string(view(value.value.bytes));
        case AMQP_FIELD_KIND_BOOLEAN: return value.value.boolean != 0 ? "true" : "false";
        case AMQP_FIELD_KIND_I8: return std::to_string(value.value.i8);
        case AMQP_FIELD_KIND_I16: return std::to_string(value.value.i16);
        case AMQP_FIELD_KIND_I32: return std::to_string(value.value.i32);
        case AMQP_FIELD_KIND_I64: return std::to_string(value.value.i64);
        default: return std::nullopt;
    }
}

void read_headers(const amqp_table_t& table, std::map<std::string, std::string>& headers) {
    std::size_t size = 0;
    for (int i = 0; i < table.num_entries && headers.size() < most_headers; ++i) {
        const auto& entry = table.entries[i];
        auto value = read_value(entry.value);
        if (!value) continue;
        size += entry.key.len + value->size();
        if (size > longest_headers) return;
        headers.emplace(view(entry.key), *std::move(value));
    }
}

void explain_dead_letter(std::map<std::string, std::string>& headers) {
    const auto found = headers.find("x-first-death-reason");
    if (found == headers.end() || headers.contains("x-reason")) return;
    headers["x-reason"] = found->second == "delivery_limit"
                              ? "delivered too often without being acknowledged"
                              : "refused by the broker: " + found->second;
}

}  // namespace

Properties::Properties(const Message& message) {
    const auto set = [this](amqp_flags_t flag, amqp_bytes_t& field, std::string_view text) {
        if (text.empty()) return;
        // A short string on the wire. Ours are, and others' have come through it.
        CHECK(text.size() <= std::numeric_limits<std::uint8_t>::max());
        properties_._flags |= flag;
        field = bytes(text);
    };
    set(AMQP_BASIC_CONTENT_TYPE_FLAG, properties_.content_type, "application/json");
    set(AMQP_BASIC_MESSAGE_ID_FLAG, properties_.message_id, message.message_id);
    set(AMQP_BASIC_CORRELATION_ID_FLAG, properties_.correlation_id, message.correlation_id);
    set(AMQP_BASIC_REPLY_TO_FLAG, properties_.reply_to, message.reply_to);
    properties_._flags |= AMQP_BASIC_DELIVERY_MODE_FLAG;
    properties_.delivery_mode = AMQP_DELIVERY_PERSISTENT;
    for (const auto& [key, value] : message.headers) headers_.text(key, value);
    if (headers_.empty()) return;
    properties_._flags |= AMQP_BASIC_HEADERS_FLAG;
    properties_.headers = headers_.raw();
}

Message read_properties(const amqp_basic_properties_t& properties) {
    Message message;
    const auto get = [&properties](amqp_flags_t flag, amqp_bytes_t field) {
        return (properties._flags & flag) != 0 ? std::string(view(field)) : std::string();
    };
    message.message_id = get(AMQP_BASIC_MESSAGE_ID_FLAG, properties.message_id);
    message.correlation_id = get(AMQP_BASIC_CORRELATION_ID_FLAG, properties.correlation_id);
    message.reply_to = get(AMQP_BASIC_REPLY_TO_FLAG, properties.reply_to);
    if ((properties._flags & AMQP_BASIC_HEADERS_FLAG) != 0)
        read_headers(properties.headers, message.headers);
    explain_dead_letter(message.headers);
    return message;
}

}  // namespace mlbilling::rabbitmq
