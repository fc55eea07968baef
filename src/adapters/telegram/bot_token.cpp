#include "adapters/telegram/bot_token.hpp"

#include <algorithm>
#include <charconv>

namespace mlbilling::telegram {
namespace {

bool is_secret_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

void replace_all(std::string& text, std::string_view what) {
    constexpr std::string_view mask = "***";
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + mask.size()))
        text.replace(at, what.size(), mask);
}

}  // namespace

std::optional<BotId> bot_id_of(std::string_view token) {
    const auto colon = token.find(':');
    if (colon == std::string_view::npos || colon + 1 == token.size()) return std::nullopt;
    std::int64_t id = 0;
    const auto number = token.substr(0, colon);
    const auto [end, error] = std::from_chars(number.begin(), number.end(), id);
    if (error != std::errc() || end != number.end() || id <= 0) return std::nullopt;
    const auto secret = token.substr(colon + 1);
    if (!std::all_of(secret.begin(), secret.end(), is_secret_character)) return std::nullopt;
    return BotId(id);
}

std::string without_token(std::string text, std::string_view token) {
    if (token.empty()) return text;
    replace_all(text, token);
    const auto secret = token.substr(token.find(':') + 1);
    // A short secret (of a sandbox) would mask words that have nothing to do with it.
    if (secret.size() >= 8) replace_all(text, secret);
    return text;
}

}  // namespace mlbilling::telegram
