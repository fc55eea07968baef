#include "standin/message_schema.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <string>

#include "standin/bytes.hpp"

namespace mlbilling::standin {
namespace {

namespace json = boost::json;
using Kind = Field::Kind;

std::string in_snake_case(std::string_view camel) {
    std::string snake;
    for (const char c : camel) {
        const bool capital = c >= 'A' && c <= 'Z';
        if (capital) snake += '_';
        snake += capital ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return snake;
}

const Field* field_named(const Message& message, std::string_view name) {
    const auto found =
        std::find_if(message.fields.begin(), message.fields.end(), [&](const Field& field) {
            return field.name == name || in_snake_case(field.name) == name;
        });
    return found == message.fields.end() ? nullptr : &*found;
}

bool is_enumerated(const Field& field, const json::value& value) {
    if (const auto* number = value.if_int64())
        return *number >= 0 && static_cast<std::size_t>(*number) < field.values.size();
    const auto* text = value.if_string();
    return text != nullptr && std::find(field.values.begin(), field.values.end(),
                                        std::string_view(*text)) != field.values.end();
}

bool is_whole(const json::value& value) {
    const auto number = number_of(value);
    return number && *number == std::floor(*number);
}

std::optional<Problem> problem_with_value(const Field& field, const json::value& value) {
    const auto wrong = [&](std::string_view expected) {
        return Problem{"invalid value for field " + std::string(field.name) + ": " +
                       std::string(expected) + " expected"};
    };
    switch (field.kind) {
        case Kind::text: return value.is_string() ? std::nullopt : std::optional(wrong("string"));
        case Kind::number: return number_of(value) ? std::nullopt : std::optional(wrong("number"));
        case Kind::whole_number:
            return is_whole(value) ? std::nullopt : std::optional(wrong("integer"));
        case Kind::boolean: return value.is_bool() ? std::nullopt : std::optional(wrong("boolean"));
        case Kind::bytes: {
            const auto* text = value.if_string();
            // Megabytes of it are decoded once, by whoever uses them.
            return text != nullptr ? std::nullopt : std::optional(wrong("base64"));
        }
        case Kind::enumeration:
            return is_enumerated(field, value) ? std::nullopt
                                               : std::optional(wrong("a known enum value"));
        case Kind::message:
            if (!value.is_object()) return wrong("object");
            return problem_with(*field.message, value.get_object());
        case Kind::any: return std::nullopt;
    }
    return std::nullopt;
}

std::optional<Problem> problem_with_field(const Field& field, const json::value& value) {
    if (!field.repeated) return problem_with_value(field, value);
    if (!value.is_array())
        return Problem{"invalid value for repeated field " + std::string(field.name)};
    for (const auto& element : value.get_array()) {
        auto problem = problem_with_value(field, element);
        if (problem) return problem;
    }
    return std::nullopt;
}

}  // namespace

std::optional<Problem> problem_with(const Message& message, const json::object& object) {
    std::vector<const Field*> seen;
    std::map<std::string_view, std::string_view> chosen;
    for (const auto& member : object) {
        const auto* field = field_named(message, member.key());
        if (field == nullptr)
            return Problem{"unknown field \"" + std::string(member.key()) + "\" in " +
                           std::string(message.name)};
        if (std::find(seen.begin(), seen.end(), field) != seen.end())
            return Problem{"duplicate field \"" + std::string(field->name) + "\""};
        seen.push_back(field);
        if (member.value().is_null()) continue;
        if (!field->oneof.empty() && !chosen.emplace(field->oneof, field->name).second)
            return Problem{"oneof " + std::string(message.name) + '.' + std::string(field->oneof) +
                           " is already set: " + std::string(chosen[field->oneof]) + " and " +
                           std::string(field->name)};
        auto problem = problem_with_field(*field, member.value());
        if (problem) return problem;
    }
    return std::nullopt;
}

const json::value* field_of(const json::object& object, std::string_view camel) {
    const auto* value = object.if_contains(camel);
    if (value == nullptr) value = object.if_contains(in_snake_case(camel));
    return value == nullptr || value->is_null() ? nullptr : value;
}

const json::object* object_at(const json::object& object, std::string_view path) {
    const auto dot = path.find('.');
    const auto* value = field_of(object, path.substr(0, dot));
    const auto* inner = value == nullptr ? nullptr : value->if_object();
    if (inner == nullptr || dot == std::string_view::npos) return inner;
    return object_at(*inner, path.substr(dot + 1));
}

std::string text_of(const json::object& object, std::string_view camel) {
    const auto* value = field_of(object, camel);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

std::optional<double> number_of(const json::value& value) {
    if (value.is_number()) return value.to_number<double>();
    const auto* text = value.if_string();
    if (text == nullptr || text->empty()) return std::nullopt;
    char* end = nullptr;
    const double number = std::strtod(text->c_str(), &end);
    return *end == '\0' && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

bool is_true(const json::object& object, std::string_view camel) {
    const auto* value = field_of(object, camel);
    return value != nullptr && value->is_bool() && value->get_bool();
}

}  // namespace mlbilling::standin
