#include "adapters/yandex/json_stream.hpp"

#include <boost/json/value.hpp>
#include <charconv>
#include <system_error>
#include <utility>

namespace mlbilling::yandex {

namespace json = boost::json;

namespace {

json::parse_options bounded() {
    json::parse_options options;
    options.max_depth = 32;
    return options;
}

}  // namespace

std::optional<json::object> JsonStream::next() {
    const auto begin = rest_.find_first_not_of(" \t\r\n,");
    rest_.remove_prefix(begin == std::string_view::npos ? rest_.size() : begin);
    if (rest_.empty()) return std::nullopt;
    intact_ = false;
    if (rest_.front() != '{') return std::nullopt;
    json::stream_parser parser({}, bounded());
    boost::system::error_code error;
    const auto taken = parser.write_some(rest_.data(), rest_.size(), error);
    if (error || !parser.done()) return std::nullopt;
    rest_.remove_prefix(taken);
    auto value = parser.release();
    intact_ = true;
    return std::move(value.as_object());
}

std::optional<json::object> parse_object(std::string_view text) {
    JsonStream stream(text);
    auto object = stream.next();
    if (!object || stream.next() || !stream.intact()) return std::nullopt;
    return object;
}

const json::object* object_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value == nullptr ? nullptr : value->if_object();
}

std::string_view text_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    const auto* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
}

std::optional<std::int64_t> integer_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr) return std::nullopt;
    if (const auto* number = value->if_int64()) return *number;
    const auto text = text_in(object, name);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

bool flag_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    const auto* flag = value == nullptr ? nullptr : value->if_bool();
    return flag != nullptr && *flag;
}

}  // namespace mlbilling::yandex
