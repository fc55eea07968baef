#include "adapters/http_server/request_target.hpp"

namespace mlbilling {
namespace {

constexpr std::size_t most_pairs = 1000;

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hex_digit(text[i + 1]);
            const int low = hex_digit(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += plus_is_space && text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

std::optional<std::map<std::string, std::string>> parse_form(std::string_view text) {
    std::map<std::string, std::string> pairs;
    std::size_t count = 0;
    while (!text.empty()) {
        const auto end = text.find('&');
        const auto pair = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        if (pair.empty()) continue;
        if (++count > most_pairs) return std::nullopt;
        const auto equals = pair.find('=');
        auto name = percent_decoded(pair.substr(0, equals), true);
        const auto raw =
            equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
        auto value = percent_decoded(raw, true);
        if (!name || !value) return std::nullopt;
        pairs.insert_or_assign(std::move(*name), std::move(*value));
    }
    return pairs;
}

std::optional<RequestTarget> parse_target(std::string_view target) {
    if (!target.starts_with('/')) return std::nullopt;
    target = target.substr(0, target.find('#'));
    const auto question = target.find('?');
    auto path = percent_decoded(target.substr(0, question), false);
    if (!path || path->find('\0') != std::string::npos) return std::nullopt;
    const auto raw =
        question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
    auto query = parse_form(raw);
    if (!query) return std::nullopt;
    return RequestTarget{std::move(*path), std::move(*query)};
}

}  // namespace mlbilling
