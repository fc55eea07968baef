#include "adapters/openai/failures.hpp"

#include <boost/json.hpp>

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

Kind kind_of(int status, const std::string& code) {
    switch (status) {
        case 400:
        case 413:
        case 415:
        case 422: return Kind::refused;
        // A path or a model that the server does not have is the operator's business, too.
        case 401:
        case 403:
        case 404:
        case 405: return Kind::misconfigured;
        case 408:
        case 409:
        case 425: return Kind::busy;
        case 429: return code == "insufficient_quota" ? Kind::misconfigured : Kind::busy;
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
    ProviderFailure failure{kind_of(answer.status, code), std::move(detail), {}};
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
