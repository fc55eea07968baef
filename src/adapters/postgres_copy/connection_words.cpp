#include "adapters/postgres_copy/connection_words.hpp"

#include <algorithm>
#include <charconv>

namespace mlbilling::postgres_copy {
namespace {

constexpr std::string_view parameter = "password=";

std::string decoded(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        unsigned value = 0;
        if (text[0] == '%' && text.size() >= 3 &&
            std::from_chars(text.data() + 1, text.data() + 3, value, 16).ptr == text.data() + 3) {
            out += static_cast<char>(value);
            text.remove_prefix(3);
        } else {
            out += text[0];
            text.remove_prefix(1);
        }
    }
    return out;
}

/// Cuts the password out of user:password@ and returns it.
std::string cut_from_authority(std::string& url) {
    const auto begin = url.find("://") + 3;
    const auto authority = url.substr(begin, url.find_first_of("/?", begin) - begin);
    const auto at = authority.rfind('@');
    const auto colon = authority.find(':');
    if (at == std::string::npos || colon == std::string::npos || colon > at) return {};
    const auto password = authority.substr(colon + 1, at - colon - 1);
    url.erase(begin + colon, at - colon);
    return decoded(password);
}

/// Cuts the last password=… out of the parameters and returns it.
std::string cut_from_parameters(std::string& url) {
    std::string password;
    auto from = url.find('?');
    while (from != std::string::npos) {
        const auto begin = from + 1;
        const auto end = std::min(url.find('&', begin), url.size());
        if (url.compare(begin, parameter.size(), parameter) != 0) {
            from = url.find('&', begin);
            continue;
        }
        password = decoded(url.substr(begin + parameter.size(), end - begin - parameter.size()));
        const bool last = end == url.size();
        url.erase(last ? from : begin, last ? end - from : end + 1 - begin);
        from = last ? std::string::npos : from;
    }
    return password;
}

}  // namespace

ConnectionWords connection_words(std::string_view url) {
    ConnectionWords words{.url = std::string(url), .environment = {"PGCONNECT_TIMEOUT=10"}};
    auto password = cut_from_authority(words.url);
    if (auto other = cut_from_parameters(words.url); !other.empty()) password = std::move(other);
    if (!password.empty()) words.environment.push_back("PGPASSWORD=" + password);
    return words;
}

}  // namespace mlbilling::postgres_copy
