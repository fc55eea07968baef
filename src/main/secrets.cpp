#include "main/secrets.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/log.hpp"
#include "base/percent.hpp"
#include "main/known_variables.hpp"

namespace mlbilling {
namespace {

constexpr auto secret_options =
    std::to_array<std::string_view>({"password=", "sslpassword=", "passwd=", "token="});

std::string base64(std::string_view text) {
    std::string out((text.size() + 2) / 3 * 4 + 1, '\0');
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes,
                                     static_cast<int>(text.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

/// `user:password`.
void add_user(std::vector<std::string>& secrets, std::string_view info) {
    const auto colon = info.find(':');
    if (colon == std::string_view::npos) return;
    const auto user = percent::decoded(info.substr(0, colon));
    const auto password = percent::decoded(info.substr(colon + 1));
    if (password.empty() || password == user) return;
    secrets.emplace_back(info.substr(colon + 1));
    secrets.push_back(password);
    secrets.push_back(base64(user + ":" + password));
}

void add_options(std::vector<std::string>& secrets, std::string_view query) {
    while (!query.empty()) {
        const auto option = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), option.size() + 1));
        for (const auto name : secret_options)
            if (option.starts_with(name)) secrets.emplace_back(option.substr(name.size()));
    }
}

/// Also of an address that is not written as it should be: the last @ ends what may be a password.
void add_address(std::vector<std::string>& secrets, std::string_view url) {
    const auto start = url.find("://") + 3;
    const auto at = url.rfind('@');
    if (at != std::string_view::npos && at >= start)
        add_user(secrets, url.substr(start, at - start));
    const auto query = url.find('?', at == std::string_view::npos ? start : at);
    if (query != std::string_view::npos) add_options(secrets, url.substr(query + 1));
}

/// Several addresses have commas between them.
void add_addresses(std::vector<std::string>& secrets, std::string_view urls) {
    for (;;) {
        const auto scheme = urls.find("://");
        if (scheme == std::string_view::npos) return;
        const auto next = urls.find("://", scheme + 3);
        const auto comma = next == std::string_view::npos ? next : urls.rfind(',', next);
        const bool more = comma != std::string_view::npos && comma > scheme;
        add_address(secrets, urls.substr(0, more ? comma : urls.size()));
        if (!more) return;
        urls.remove_prefix(comma + 1);
    }
}

bool is_proxy(std::string_view name) {
    return name.ends_with("_PROXY") || name.ends_with("_proxy");
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

}  // namespace

std::vector<std::string> secrets_in(const Environment& environment) {
    std::vector<std::string> secrets;
    for (const auto& variable : known_variables()) {
        const auto found = environment.find(std::string(variable.name));
        if (found == environment.end()) continue;
        const auto value = trimmed(found->second);
        if (value.find("://") != std::string_view::npos)
            add_addresses(secrets, value);
        else if (is_proxy(variable.name))
            add_addresses(secrets, "http://" + std::string(value));
        else if (variable.secret && !value.starts_with("sqlite:"))
            secrets.emplace_back(value);
        // The part of a bot's token that is not its id.
        const auto colon = value.find(':');
        if (variable.secret && variable.name.ends_with("TOKEN") && colon < value.size())
            secrets.emplace_back(value.substr(colon + 1));
    }
    std::erase(secrets, "");
    return secrets;
}

void redact_secrets(const Environment& environment) {
    for (auto& secret : secrets_in(environment)) log::redact(std::move(secret));
}

}  // namespace mlbilling
