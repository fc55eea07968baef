#include "base/url_text.hpp"

#include <algorithm>
#include <charconv>

#include "base/percent.hpp"

namespace mlbilling {
namespace {

bool is_blank_or_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7F;
}

/// `host`, `host:1`, `[::1]:1`, or several with commas: what stands before a path and holds no
/// user.
bool may_be_hosts(std::string_view authority) {
    if (authority.starts_with('[') || authority.find(',') != std::string_view::npos) return true;
    const auto colon = authority.find(':');
    return colon == std::string_view::npos || is_port(authority.substr(colon + 1));
}

}  // namespace

bool is_port(std::string_view text) {
    unsigned port = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, port);
    return error == std::errc() && stop == end && port >= 1 && port <= 65535;
}

std::optional<Problem> problem_with_blanks(std::string_view url) {
    if (std::ranges::none_of(url, is_blank_or_control)) return std::nullopt;
    return Problem{"holds a blank or a control character: a blank is written %20"};
}

std::optional<Problem> problem_with_url_text(std::string_view url) {
    if (auto problem = problem_with_blanks(url)) return problem;
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return std::nullopt;
    const auto rest = url.substr(scheme + 3);
    const auto end = std::min(rest.find_first_of("/?#"), rest.size());
    const auto authority = rest.substr(0, end);
    const auto at = authority.find('@');
    if (at == std::string_view::npos) {
        const bool cut = rest.find('@', end) != std::string_view::npos && !may_be_hosts(authority);
        if (!cut) return std::nullopt;
        return Problem{"has a bare / ? or # in its user or password: write %2F, %3F, %23"};
    }
    if (authority.find('@', at + 1) != std::string_view::npos)
        return Problem{"has a bare @ in its user or password: write it %40"};
    if (!percent::is_encoded(authority.substr(0, at)))
        return Problem{"has a bare % in its user or password: write it %25"};
    return std::nullopt;
}

}  // namespace mlbilling
