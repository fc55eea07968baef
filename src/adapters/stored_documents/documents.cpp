#include "adapters/stored_documents/documents.hpp"

#include <boost/json.hpp>

#include "base/check.hpp"

namespace mlbilling {
namespace {

namespace json = boost::json;

json::object parsed(std::string_view text) {
    json::parse_options options;
    // What we were given to keep is given back as it was, valid UTF-8 or not.
    options.allow_invalid_utf8 = true;
    boost::system::error_code error;
    auto value = json::parse(text, error, {}, options);
    CHECK(!error);
    CHECK(value.is_object());
    return std::move(value.as_object());
}

std::string text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr) return {};
    CHECK(value->is_string());
    return std::string(value->get_string());
}

std::int64_t number_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    CHECK(value != nullptr);
    CHECK(value->is_int64());
    return value->get_int64();
}

/// What the request says, without what the user's settings say.
json::object asked(const Payload& payload) {
    json::object object{{"data", payload.data}, {"file_unique_id", payload.file_unique_id}};
    if (!payload.asked_as.empty()) object["asked_as"] = payload.asked_as;
    if (!payload.correlation.empty()) object["correlation"] = payload.correlation;
    return object;
}

}  // namespace

std::string to_json(const Payload& payload) {
    auto object = asked(payload);
    object["voice"] = payload.voice;
    object["speed_percent"] = payload.speed_percent;
    object["spoken_language"] = payload.spoken_language;
    object["reply_format"] = to_string(payload.reply_format);
    return json::serialize(object);
}

std::string beginning_of_payload(const Payload& payload) {
    auto text = json::serialize(asked(payload));
    CHECK(text.ends_with('}'));
    text.pop_back();
    return text;
}

Payload payload_from_json(std::string_view text) {
    const auto object = parsed(text);
    const auto format = parse_reply_format(text_of(object, "reply_format"));
    CHECK(format.has_value());
    return {.data = text_of(object, "data"),
            .file_unique_id = text_of(object, "file_unique_id"),
            .voice = text_of(object, "voice"),
            .speed_percent = static_cast<int>(number_of(object, "speed_percent")),
            .spoken_language = text_of(object, "spoken_language"),
            .reply_format = *format,
            .asked_as = text_of(object, "asked_as"),
            .correlation = text_of(object, "correlation")};
}

std::string to_json(const TaskResult& result) {
    json::array parts;
    for (const auto& part : result.parts) {
        json::object object{{"key", part.key.value()}, {"duration_ms", part.duration.count()}};
        if (part.bytes) object["bytes"] = *part.bytes;
        parts.emplace_back(std::move(object));
    }
    json::object object{{"text", result.text}, {"parts", std::move(parts)}};
    if (result.measured) object["units"] = result.measured->value();
    return json::serialize(object);
}

TaskResult result_from_json(std::string_view text) {
    const auto object = parsed(text);
    TaskResult result{.text = text_of(object, "text"), .parts = {}};
    const auto* parts = object.if_contains("parts");
    CHECK(parts != nullptr);
    CHECK(parts->is_array());
    for (const auto& part : parts->get_array()) {
        CHECK(part.is_object());
        const auto& object_of_part = part.get_object();
        auto& read = result.parts.emplace_back();
        read.key = ResultKey(text_of(object_of_part, "key"));
        read.duration = Duration(number_of(object_of_part, "duration_ms"));
        if (object_of_part.contains("bytes"))
            read.bytes = static_cast<std::size_t>(number_of(object_of_part, "bytes"));
    }
    if (object.contains("units")) result.measured = Units(number_of(object, "units"));
    return result;
}

std::string to_json(const std::map<std::string, std::string>& facts) {
    json::object object;
    for (const auto& [name, value] : facts) object.emplace(name, value);
    return json::serialize(object);
}

std::map<std::string, std::string> facts_from_json(std::string_view text) {
    std::map<std::string, std::string> facts;
    for (const auto& field : parsed(text)) {
        CHECK(field.value().is_string());
        facts.emplace(field.key(), std::string(field.value().get_string()));
    }
    return facts;
}

}  // namespace mlbilling
