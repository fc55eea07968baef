#include "adapters/yandex/quota_line.hpp"

#include <utility>

namespace mlbilling::yandex {
namespace {

/// So short a wait is spent here, where the recording is at hand.
constexpr Duration longest_wait_here{3'000};
/// Part of a quota's time that is added to it: calls may be longer on their way to Yandex than
/// those that go an hour later.
constexpr int margin = 500;

}  // namespace

Async<Duration> QuotaLine::pass(QuotaPlace place, Time deadline) {
    if (rate_.count <= 0) co_return Duration(0);
    const QuotaRate rate{rate_.count, rate_.per + rate_.per / margin};
    for (;;) {
        QuotaTurn turn{name_, place.holder, rate, place.keep};
        const auto wait = co_await quotas_.take_turn(std::move(turn));
        if (wait <= Duration(0)) co_return Duration(0);
        if (wait > longest_wait_here || clock_.now() + wait >= deadline) co_return wait;
        co_await clock_.sleep(wait);
    }
}

Async<void> QuotaLine::give_back(std::string holder) {
    if (rate_.count > 0) co_await quotas_.give_back_turn(name_, std::move(holder));
}

std::string passer_by(Random& random) { return "passer-by " + std::to_string(random.next()); }

}  // namespace mlbilling::yandex
