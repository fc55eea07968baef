#include "adapters/telegram/reply.hpp"

#include <algorithm>
#include <boost/json/value.hpp>
#include <charconv>
#include <utility>

#include "adapters/telegram/bounded_json.hpp"
#include "adapters/telegram/failures.hpp"
#include "adapters/telegram/json_fields.hpp"

namespace mlbilling::telegram {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_description = 300;
constexpr std::int64_t shortest_hold_s = 1;
constexpr std::int64_t longest_hold_s = 86'400;

/// The number that the text begins with.
std::optional<std::int64_t> leading_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.begin(), text.end(), number);
    return error == std::errc() ? std::optional(number) : std::nullopt;
}

/// Telegram says it in up to three places; the longest wait is the one that surely suffices.
Duration retry_after(const HttpAnswer& response, const json::object* parameters,
                     std::string_view description) {
    std::int64_t seconds = shortest_hold_s;
    const auto consider = [&](std::optional<std::int64_t> said) {
        if (said) seconds = std::max(seconds, *said);
    };
    if (parameters != nullptr) consider(integer_in(*parameters, "retry_after"));
    constexpr std::string_view words = "retry after ";
    if (const auto at = description.find(words); at != std::string_view::npos)
        consider(leading_number(description.substr(at + words.size())));
    consider(leading_number(response.header("retry-after")));
    return std::chrono::seconds(std::min(seconds, longest_hold_s));
}

Error foreign_error(const HttpAnswer& response) {
    Error error;
    error.failure = failure_for_foreign_answer(response.status);
    error.description = "an answer with HTTP status " + std::to_string(response.status) +
                        " that does not come from the Bot API";
    if (error.failure == Failure::too_many_requests)
        error.retry_after = retry_after(response, nullptr, {});
    return error;
}

Error refused(const HttpAnswer& response, const json::object& envelope) {
    const auto said = integer_in(envelope, "error_code").value_or(response.status);
    const int code = said >= 300 && said < 600 ? static_cast<int>(said) : response.status;
    const auto* parameters = object_in(envelope, "parameters");
    const auto description = text_in(envelope, "description", 10'000).value_or("");
    Error error;
    error.failure = failure_for(code, description);
    error.description = description.substr(0, longest_description);
    if (error.failure == Failure::too_many_requests)
        error.retry_after = retry_after(response, parameters, description);
    const auto migrated =
        parameters == nullptr ? std::nullopt : id_in(*parameters, "migrate_to_chat_id");
    if (migrated && code < 500) {
        error.failure = Failure::migrated;
        error.migrate_to = ChatId(*migrated);
    }
    return error;
}

bool says_well(std::string_view body) {
    body.remove_prefix(std::min(body.find_first_not_of(" \t\r\n"), body.size()));
    return body.starts_with(R"({"ok":true)") || body.starts_with(R"({"ok": true)");
}

/// The first id of an update in a text that is no JSON. A name within a text that a user wrote
/// stands behind an escaped quotation mark, and is not taken for one.
std::optional<UpdateId> first_update_id(std::string_view body) {
    constexpr std::string_view name = R"("update_id")";
    constexpr std::int64_t limit = std::int64_t{1} << 52;
    auto at = body.find(name);
    while (at != std::string_view::npos && at > 0 && body[at - 1] == '\\')
        at = body.find(name, at + 1);
    if (at == std::string_view::npos) return std::nullopt;
    body.remove_prefix(at + name.size());
    const auto digits = body.find_first_not_of(" :\t\r\n");
    if (digits == std::string_view::npos) return std::nullopt;
    const auto id = leading_number(body.substr(digits));
    return id && *id >= 0 && *id < limit ? std::optional(UpdateId(*id)) : std::nullopt;
}

}  // namespace

Outcome<json::value> read_poll_reply(const HttpAnswer& response) {
    const bool is_json = parse_bounded(response.body).has_value();
    if (is_json || response.status != 200 || !says_well(response.body)) return read_reply(response);
    Error error;
    error.failure = Failure::unreadable;
    error.update = first_update_id(response.body);
    // Whoever paid must not be forgotten only because their update cannot be read.
    const bool is_paid = response.body.find("_payment") != std::string::npos ||
                         response.body.find("pre_checkout_query") != std::string::npos;
    error.description = is_paid ? "the updates are no JSON, and one of them tells of a payment"
                                : "the updates are no JSON";
    return error;
}

Outcome<json::value> read_reply(const HttpAnswer& response) {
    auto body = parse_bounded(response.body);
    auto* envelope = body ? body->if_object() : nullptr;
    const auto* ok = envelope == nullptr ? nullptr : envelope->if_contains("ok");
    if (ok == nullptr || !ok->is_bool()) return foreign_error(response);
    if (!ok->get_bool()) return refused(response, *envelope);
    auto* result = envelope->if_contains("result");
    if (result == nullptr) return unreadable("result");
    return std::move(*result);
}

Error error_for(const HttpFailure& failure) {
    Error error;
    error.failure =
        failure.kind == HttpFailure::Kind::not_sent ? Failure::not_sent : Failure::ambiguous;
    error.description = failure.detail;
    return error;
}

Error unreadable(std::string_view what) {
    Error error;
    error.failure = Failure::ambiguous;
    error.description = "the Bot API's answer has no readable " + std::string(what);
    return error;
}

}  // namespace mlbilling::telegram
