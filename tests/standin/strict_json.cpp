#include "standin/strict_json.hpp"

#include <boost/json/parse.hpp>

namespace mlbilling::standin {
namespace {

namespace json = boost::json;

std::size_t count_members(const json::value& value) {
    std::size_t count = 0;
    if (const auto* object = value.if_object()) {
        count = object->size();
        for (const auto& member : *object) count += count_members(member.value());
    }
    if (const auto* array = value.if_array())
        for (const auto& element : *array) count += count_members(element);
    return count;
}

/// Keys as they stand in the text, which is valid JSON: strings that a colon follows.
std::size_t count_keys(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = text.find('"'); at != std::string_view::npos; at = text.find('"', at)) {
        // Audio in base64 is one string of many megabytes: look for its end in one go.
        auto end = text.find_first_of("\"\\", at + 1);
        while (text[end] == '\\') end = text.find_first_of("\"\\", end + 2);
        at = end + 1;
        const auto next = text.find_first_not_of(" \t\r\n", at);
        if (next != std::string_view::npos && text[next] == ':') ++count;
    }
    return count;
}

}  // namespace

Result<json::object> parse_strictly(std::string_view text) {
    boost::system::error_code error;
    auto value = json::parse(text, error);
    if (error) return Problem{"cannot parse the JSON: " + error.message()};
    if (!value.is_object()) return Problem{"the JSON is no object"};
    // Boost.JSON lets the last of two members with one key win.
    if (count_members(value) != count_keys(text)) return Problem{"duplicate field in the JSON"};
    return std::move(value.get_object());
}

}  // namespace mlbilling::standin
