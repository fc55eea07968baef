#include "adapters/openai/failures.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <string_view>

#include "adapters/http_client/retry_after.hpp"

namespace mlbilling::openai {
namespace {

namespace json = boost::json;
using Kind = ProviderFailure::Kind;

constexpr std::size_t longest_word = 64;

/// A word of the server's error object; empty when it is none, so that no text gets into a log.
std::string word_in(const HttpAnswer& answer, std::string_view name) {
    boost::system::error_code error;
    const auto body = json::parse(answer.body, error);
    const auto* object = error ? nullptr : body.if_object();
    const auto* inner = object == nullptr ? nullptr : object->if_contains("error");
    const auto* fields = inner == nullptr ? nullptr : inner->if_object();
    const auto* value = fields == nullptr ? nullptr : fields->if_contains(name);
    if (value == nullptr || !value->is_string()) return {};
    const std::string word(value->get_string());
    const bool plain =
        word.size() <= longest_word &&
        word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.-") == std::string::npos;
    return plain ? word : std::string();
}

/// Codes that name the account, the key or the model, whatever the status.
bool is_for_good(std::string_view code) {
    constexpr std::array<std::string_view, 6> codes{
        "insufficient_quota", "billing_hard_limit_reached", "billing_not_active",
        "invalid_api_key",    "account_deactivated",        "model_not_found"};
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

/// What is wrong with the input: said by the status, by a code (`audio_too_short`), or somewhere in
/// a sentence.
ProviderFailure::Input input_of(const HttpAnswer& answer) {
    using Input = ProviderFailure::Input;
    if (answer.status == 413) return Input::too_large;
    if (answer.status != 400 && answer.status != 422) return Input::unknown;
    const auto says = [&](std::string_view words) {
        return answer.body.find(words) != std::string::npos;
    };
    if (says("too_short") || says("too short") || says("minimum")) return Input::too_short;
    if (says("too_large") || says("too large") || says("file size")) return Input::too_large;
    if (says("too_long") || says("too long") || says("longer than") || says("maximum"))
        return Input::too_long;
    return Input::unknown;
}

Kind kind_of(int status, const std::string& code) {
    switch (status) {
        case 400:
        case 413:
        case 415:
        case 422: return is_for_good(code) ? Kind::misconfigured : Kind::refused;
        // A path or a model that the server does not have is the operator's business, too.
        case 401:
        case 403:
        case 404:
        case 405: return Kind::misconfigured;
        case 408:
        case 409:
        case 425: return Kind::busy;
        case 402: return Kind::misconfigured;
        case 429: return is_for_good(code) ? Kind::misconfigured : Kind::busy;
        case 503:
        case 504: return Kind::busy;
        default: return Kind::down;
    }
}

}  // namespace

ProviderFailure failure_of(const HttpAnswer& answer, Time now) {
    const auto code = word_in(answer, "code");
    const auto type = word_in(answer, "type");
    auto detail = "HTTP status " + std::to_string(answer.status);
    if (!type.empty()) detail += ", " + type;
    if (!code.empty()) detail += ", " + code;
    ProviderFailure failure{
        kind_of(answer.status, code.empty() ? type : code), std::move(detail), {}};
    if (failure.kind == Kind::refused) failure.input = input_of(answer);
    failure.retry_after = pause_asked_for(answer, now);
    return failure;
}

ProviderFailure failure_of(const HttpFailure& failure) { return {Kind::down, failure.detail, {}}; }

bool refuses_format(const HttpAnswer& answer) {
    const bool refused = answer.status == 400 || answer.status == 422;
    // FastAPI servers name the field in `detail`, others somewhere in a sentence.
    return refused && answer.body.find("response_format") != std::string::npos;
}

}  // namespace mlbilling::openai
