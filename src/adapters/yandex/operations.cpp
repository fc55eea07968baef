#include "adapters/yandex/operations.hpp"

#include <algorithm>
#include <utility>

#include "adapters/yandex/failures.hpp"
#include "adapters/yandex/json_stream.hpp"

namespace mlbilling::yandex {

using Kind = ProviderFailure::Kind;

namespace {

constexpr std::size_t longest_id = 50;
constexpr Duration longest_pause{10'000};
/// Looking in vain so often in a row is an outage.
constexpr int most_failures = 5;

bool may_pass(const ProviderFailure& failure) {
    return failure.kind == Kind::busy || failure.kind == Kind::down;
}

}  // namespace

bool is_operation_id(std::string_view id) {
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    };
    return !id.empty() && id.size() <= longest_id && std::all_of(id.begin(), id.end(), is_plain);
}

Async<OperationEnd> Operations::wait_for(std::string id, Duration pause, Time deadline) {
    int failures = 0;
    for (;;) {
        const auto left = deadline - clock_.now();
        if (left <= Duration(0))
            co_return ProviderFailure{Kind::busy, "the operation goes on at the deadline", {}};
        co_await clock_.sleep(std::min(pause, left));
        Duration asked{};
        auto state = co_await look_at(id, deadline);
        if (auto* end = std::get_if<OperationEnd>(&state)) {
            const auto* failure = std::get_if<ProviderFailure>(end);
            const bool passing = failure != nullptr && may_pass(*failure);
            if (failure != nullptr) asked = failure->retry_after;
            if (!passing || ++failures >= most_failures) co_return std::move(*end);
        } else {
            failures = 0;
        }
        pause = std::max(asked, std::clamp(pause * 3 / 2, Duration(500), longest_pause));
    }
}

Async<Operations::State> Operations::look_at(std::string id, Time deadline) {
    const auto wait = co_await gate_.pass(deadline);
    if (wait > Duration(0)) co_return OperationEnd(out_of_quota("polls", wait));
    KitCall call;
    call.method = HttpMethod::get;
    call.url = options_.operation_url + "/operations/" + id;
    call.repeatable = true;
    auto answer = co_await kit_.call(std::move(call), deadline);
    if (auto* failed = std::get_if<KitFailure>(&answer)) {
        if (failed->status == 404) co_return OperationEnd(OperationUnknown{});
        co_return OperationEnd(std::move(failed->failure));
    }
    const auto operation = parse_object(std::get<HttpAnswer>(answer).body);
    if (!operation)
        co_return OperationEnd(ProviderFailure{Kind::down, "an operation that is no JSON", {}});
    if (!flag_in(*operation, "done")) co_return Running{};
    if (const auto* error = object_in(*operation, "error"))
        co_return OperationEnd(OperationFailed{failure_of_operation(*error)});
    co_return OperationEnd(OperationDone{});
}

}  // namespace mlbilling::yandex
