#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace mlbilling::standin {

struct Message;

/// One field of a protobuf message.
struct Field {
    enum class Kind { text, number, whole_number, boolean, bytes, enumeration, message, any };
    /// In lowerCamelCase; in JSON snake_case is the same field.
    std::string_view name;
    Kind kind = Kind::text;
    bool repeated = false;
    /// At most one field of a oneof may be set; empty for none.
    std::string_view oneof = {};
    std::vector<std::string_view> values = {};
    const Message* message = nullptr;
};

/// A protobuf message as far as its JSON form goes (protobuf.dev, ProtoJSON).
struct Message {
    std::string_view name;
    std::vector<Field> fields;
};

/// What a strict reader of the message has against the JSON: an unknown field, one field in both
/// spellings, two of a oneof, a wrong type, an unknown value of an enumeration.
std::optional<Problem> problem_with(const Message& message, const boost::json::object& object);

/// The field's value in either spelling; nothing when it is absent or null.
const boost::json::value* field_of(const boost::json::object& object, std::string_view camel);
/// Along a path such as `recognitionModel.audioFormat`.
const boost::json::object* object_at(const boost::json::object& object, std::string_view path);
std::string text_of(const boost::json::object& object, std::string_view camel);
/// A number may stand as a string in JSON, too.
std::optional<double> number_of(const boost::json::value& value);
bool is_true(const boost::json::object& object, std::string_view camel);

}  // namespace mlbilling::standin
