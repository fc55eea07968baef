#include "adapters/yandex/problem.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace mlbilling::yandex {
namespace {

constexpr std::size_t longest_folder = 50;

/// May stand in a header.
bool is_secret(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

bool is_folder(std::string_view text) {
    return text.size() <= longest_folder && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_';
           });
}

}  // namespace

std::optional<Problem> problem_with(const Options& options) {
    if (!is_folder(options.folder))
        return Problem{"a folder's id consists of at most 50 letters, digits, - and _"};
    if (const auto* key = std::get_if<ApiKey>(&options.credentials); key && !is_secret(key->key))
        return Problem{"an API key is not empty and has no spaces or line breaks"};
    if (const auto* token = std::get_if<IamToken>(&options.credentials);
        token && !is_secret(token->token))
        return Problem{"an IAM token is not empty and has no spaces or line breaks"};
    if (const auto* token = std::get_if<OAuthToken>(&options.credentials);
        token && !is_secret(token->token))
        return Problem{"an OAuth token is not empty and has no spaces or line breaks"};
    return std::nullopt;
}

}  // namespace mlbilling::yandex
