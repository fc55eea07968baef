#include "adapters/telegram/json_fields.hpp"

#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

namespace mlbilling::telegram {

namespace json = boost::json;

const json::object* object_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value == nullptr ? nullptr : value->if_object();
}

std::optional<std::int64_t> integer_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    const auto* number = value == nullptr ? nullptr : value->if_int64();
    return number == nullptr ? std::nullopt : std::optional(*number);
}

std::optional<std::int64_t> id_in(const json::object& object, std::string_view name) {
    constexpr std::int64_t limit = std::int64_t{1} << 52;
    const auto id = integer_in(object, name);
    return id && *id != 0 && *id > -limit && *id < limit ? id : std::nullopt;
}

std::optional<std::string> text_in(const json::object& object, std::string_view name,
                                   std::size_t longest) {
    const auto* value = object.if_contains(name);
    const auto* text = value == nullptr ? nullptr : value->if_string();
    if (text == nullptr || text->size() > longest) return std::nullopt;
    return std::string(text->data(), text->size());
}

bool flag_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    const auto* flag = value == nullptr ? nullptr : value->if_bool();
    return flag != nullptr && *flag;
}

}  // namespace mlbilling::telegram
