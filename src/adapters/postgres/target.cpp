#include "adapters/postgres/target.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <string_view>

#include "base/percent.hpp"
#include "base/url_text.hpp"

namespace mlbilling::postgres {
namespace {

struct FreeOptions {
    void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using ParsedOptions = std::unique_ptr<PQconninfoOption, FreeOptions>;

constexpr std::string_view pooler_option = "pooler=";

/// A lost peer is noticed within seconds, not hours; each of these may be set in the URL.
constexpr std::pair<const char*, const char*> defaults[]{
    {"application_name", "mlbilling"},
    {"target_session_attrs", "read-write"},
    {"keepalives", "1"},
    {"keepalives_idle", "10"},
    {"keepalives_interval", "5"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "15000"},
    {"gssencmode", "disable"},
};

std::vector<std::string> split(std::string_view list, char separator) {
    std::vector<std::string> parts;
    for (;;) {
        const auto end = list.find(separator);
        parts.emplace_back(list.substr(0, end));
        if (end == std::string_view::npos) return parts;
        list.remove_prefix(end + 1);
    }
}

/// The end of user and password, which is where libpq sees it: at the first @ before any slash.
std::size_t end_of_user(std::string_view url) {
    const auto start = url.find("://") + 3;
    const auto at = url.find_first_of("@/", start);
    return at == std::string_view::npos || url[at] == '/' ? start : at + 1;
}

/// Where the options begin: a password may hold a question mark.
std::size_t query_of(std::string_view url) { return url.find('?', end_of_user(url)); }

/// libpq takes what stands behind the first @, or behind a slash before it, for hosts and a name,
/// which are told to anybody.
std::optional<Problem> problem_with_text(std::string_view url) {
    if (auto problem = problem_with_blanks(url)) return problem;
    const auto user = end_of_user(url);
    if (url.substr(user, query_of(url) - user).find('@') != std::string_view::npos)
        return Problem{"has a bare @ or / in its user, password or name: write %40, %2F"};
    if (!percent::is_encoded(url.substr(0, user)))
        return Problem{"has a bare % in its user or password: write it %25"};
    return std::nullopt;
}

/// Takes our own option out of the URL, since libpq refuses what it does not know.
std::optional<std::string> take_pooler(std::string& url) {
    const auto query = query_of(url);
    if (query == std::string::npos) return std::nullopt;
    std::optional<std::string> pooler;
    std::string kept;
    for (const auto& option : split(std::string_view(url).substr(query + 1), '&')) {
        if (option.starts_with(pooler_option)) {
            pooler = option.substr(pooler_option.size());
        } else if (!option.empty()) {
            kept += (kept.empty() ? '?' : '&') + option;
        }
    }
    url = url.substr(0, query) + kept;
    return pooler;
}

std::string value_of(const PQconninfoOption* options, std::string_view name) {
    for (const auto* option = options; option->keyword != nullptr; ++option)
        if (option->keyword == name && option->val != nullptr) return option->val;
    return {};
}

/// One entry for each host; of ports there is one for all, or one for each.
Result<std::vector<Host>> hosts_of(const PQconninfoOption* options) {
    const auto names = split(value_of(options, "host"), ',');
    const auto addresses = split(value_of(options, "hostaddr"), ',');
    const auto ports = split(value_of(options, "port"), ',');
    const auto count = std::max(names.size(), addresses.size());
    std::vector<Host> hosts;
    for (std::size_t i = 0; i < count; ++i) {
        Host host;
        if (i < names.size()) host.name = names[i];
        if (i < addresses.size()) host.address = addresses[i];
        host.port = ports.size() == 1 ? ports[0] : i < ports.size() ? ports[i] : "";
        hosts.push_back(std::move(host));
    }
    if (ports.size() > 1 && ports.size() != count)
        return Problem{"the URL has another number of ports than of hosts"};
    return hosts;
}

bool is_about_hosts(std::string_view keyword) {
    return keyword == "host" || keyword == "hostaddr" || keyword == "port" ||
           keyword == "connect_timeout";
}

std::vector<std::pair<std::string, std::string>> parameters_of(const PQconninfoOption* options) {
    std::vector<std::pair<std::string, std::string>> parameters;
    for (const auto* option = options; option->keyword != nullptr; ++option)
        if (option->val != nullptr && !is_about_hosts(option->keyword))
            parameters.emplace_back(option->keyword, option->val);
    for (const auto& [keyword, value] : defaults)
        if (value_of(options, keyword).empty()) parameters.emplace_back(keyword, value);
    return parameters;
}

Result<Duration> timeout_of(const PQconninfoOption* options, Duration fallback) {
    const auto text = value_of(options, "connect_timeout");
    if (text.empty()) return fallback;
    int seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size() || seconds < 1 || seconds > 600)
        return Problem{"connect_timeout is not a number of seconds from 1 to 600"};
    return Duration(seconds * 1000);
}

}  // namespace

Result<Target> parse_target(const std::string& url) {
    if (!url.starts_with("postgresql://") && !url.starts_with("postgres://"))
        return Problem{"the URL does not begin with postgresql://"};
    if (auto problem = problem_with_text(url)) return *std::move(problem);
    auto cleaned = url;
    const auto pooler = take_pooler(cleaned);
    if (pooler && *pooler != "transaction" && *pooler != "session")
        return Problem{"the URL's pooler is neither transaction nor session"};
    const ParsedOptions options(PQconninfoParse(cleaned.c_str(), nullptr));
    // libpq's message quotes the URL, and with it the password.
    if (!options) return Problem{"the URL is not one that libpq understands"};
    Target target;
    auto hosts = hosts_of(options.get());
    if (!hosts) return hosts.error();
    const auto timeout = timeout_of(options.get(), target.connect_timeout);
    if (!timeout) return timeout.error();
    target.hosts = *std::move(hosts);
    target.parameters = parameters_of(options.get());
    target.connect_timeout = *timeout;
    target.transaction_pooler = pooler == "transaction";
    return target;
}

}  // namespace mlbilling::postgres
