#include "adapters/telegram/bounded_json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <utility>

namespace mlbilling::telegram {

namespace json = boost::json;

std::optional<json::value> parse_bounded(std::string_view text) {
    constexpr std::size_t deepest = 64;
    json::parse_options options;
    options.max_depth = deepest;
    json::error_code error;
    auto value = json::parse(text, error, {}, options);
    return error ? std::nullopt : std::optional(std::move(value));
}

}  // namespace mlbilling::telegram
