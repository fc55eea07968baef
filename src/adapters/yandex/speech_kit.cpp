#include "adapters/yandex/speech_kit.hpp"

#include <algorithm>
#include <utility>

#include "adapters/http_client/retry_after.hpp"
#include "adapters/yandex/failures.hpp"

namespace mlbilling::yandex {

using Kind = ProviderFailure::Kind;

namespace {

constexpr Duration longest_connect{5'000};
/// The call may be at work still.
constexpr Duration pause_after_a_late_answer{10'000};

KitFailure too_late() { return {{Kind::busy, "no answer by the deadline", {}}, 0, false}; }

}  // namespace

Async<KitAnswer> SpeechKit::call(KitCall call, Time deadline) {
    auto first = co_await exchange(call, deadline);
    const auto* failure = std::get_if<KitFailure>(&first.answer);
    const bool refused = failure != nullptr && failure->status == 401;
    if (!refused || !tokens_.renounce(first.authorization)) co_return std::move(first.answer);
    // The token may have been revoked before its time; nothing was done under it.
    auto second = co_await exchange(std::move(call), deadline);
    failure = std::get_if<KitFailure>(&second.answer);
    // Nor does anybody else try that one again.
    if (failure != nullptr && failure->status == 401) tokens_.renounce(second.authorization);
    co_return std::move(second.answer);
}

Async<SpeechKit::Exchange> SpeechKit::exchange(KitCall call, Time deadline) {
    auto authorization = co_await tokens_.authorization(deadline);
    if (auto* failure = std::get_if<ProviderFailure>(&authorization))
        co_return Exchange{KitFailure{std::move(*failure), 0, false}, ""};
    auto value = std::get<std::string>(std::move(authorization));
    const auto left = deadline - clock_.now();
    if (left <= Duration(0)) co_return Exchange{too_late(), value};
    const auto id = request_id();
    auto answer = co_await http_.perform(http_call(std::move(call), value, id, left));
    if (answer && answer->status == 200) co_return Exchange{*std::move(answer), value};
    KitFailure failed;
    if (answer) {
        failed.failure = failure_of(*answer);
        failed.failure.retry_after = pause_asked_for(*answer, clock_.now());
        failed.status = answer->status;
    } else {
        failed.failure = failure_of(answer.error());
        failed.may_be_billed = answer.error().kind != HttpFailure::Kind::not_sent;
        if (clock_.now() >= deadline) {
            failed.failure.kind = Kind::busy;
            failed.failure.late = failed.may_be_billed;
            failed.failure.retry_after = pause_after_a_late_answer;
        }
    }
    failed.failure.detail += ", x-client-request-id " + id;
    co_return Exchange{std::move(failed), value};
}

HttpCall SpeechKit::http_call(KitCall call, std::string authorization, std::string id,
                              Duration left) const {
    HttpCall http;
    http.method = call.method;
    http.url = std::move(call.url);
    http.headers.emplace_back("Authorization", std::move(authorization));
    http.headers.emplace_back("x-client-request-id", std::move(id));
    if (!options_.folder.empty()) http.headers.emplace_back("x-folder-id", options_.folder);
    if (!call.content_type.empty())
        http.headers.emplace_back("Content-Type", std::move(call.content_type));
    http.body = std::move(call.body);
    http.parts = std::move(call.parts);
    http.repeatable = call.repeatable;
    http.connect_deadline = std::min(longest_connect, left);
    http.deadline = left;
    http.largest_response = call.largest_answer;
    return http;
}

/// A random UUID (RFC 9562, version 4).
std::string SpeechKit::request_id() {
    constexpr std::string_view digits = "0123456789abcdef";
    constexpr std::string_view pattern = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
    std::string id;
    std::uint64_t bits = 0;
    int left = 0;
    for (const char place : pattern) {
        if (place != 'x' && place != 'y') {
            id += place;
            continue;
        }
        if (left == 0) {
            bits = random_.next();
            left = 16;
        }
        const auto digit = bits & 0xFU;
        id += digits[place == 'y' ? 8 + (digit & 3U) : digit];
        bits >>= 4U;
        --left;
    }
    return id;
}

}  // namespace mlbilling::yandex
