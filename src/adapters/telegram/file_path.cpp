#include "adapters/telegram/file_path.hpp"

#include <algorithm>

namespace mlbilling::telegram {
namespace {

constexpr std::size_t longest = 512;

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

bool is_safe_segment(std::string_view segment) {
    if (segment.empty() || segment == "." || segment.find("..") != std::string_view::npos)
        return false;
    return std::all_of(segment.begin(), segment.end(),
                       [](char c) { return is_plain(c) || c == '.'; });
}

}  // namespace

bool is_safe_file_path(std::string_view path) {
    if (path.size() > longest) return false;
    auto slash = path.find('/');
    if (slash == 0 || slash == std::string_view::npos) return false;
    if (!std::all_of(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(slash), is_plain))
        return false;
    while (slash != std::string_view::npos) {
        path.remove_prefix(slash + 1);
        slash = path.find('/');
        if (!is_safe_segment(path.substr(0, slash))) return false;
    }
    return true;
}

}  // namespace mlbilling::telegram
