#include "cascade/circuit_breaker.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace mlbilling {

CircuitBreaker::Pass::Pass(Pass&& other) noexcept
    : breaker_(std::exchange(other.breaker_, nullptr)), probe_(other.probe_) {}

CircuitBreaker::Pass::~Pass() {
    if (breaker_ != nullptr && probe_) breaker_->probing_ = false;
}

void CircuitBreaker::Pass::succeeded() {
    CHECK(breaker_ != nullptr);
    auto& breaker = *std::exchange(breaker_, nullptr);
    breaker.failures_ = 0;
    breaker.rests_ = 0;
    breaker.resting_until_.reset();
    breaker.probing_ = breaker.probing_ && !probe_;
}

bool CircuitBreaker::Pass::failed(Time now, Random& random) {
    CHECK(breaker_ != nullptr);
    auto& breaker = *std::exchange(breaker_, nullptr);
    if (probe_) {
        breaker.probing_ = false;
        breaker.rest(now, random);
        return true;
    }
    // What began before the breaker opened says nothing new.
    if (breaker.is_open() || ++breaker.failures_ < breaker.options_.failures) return false;
    breaker.rest(now, random);
    return true;
}

void CircuitBreaker::Pass::failed_for_good(Time now, Random& random) {
    CHECK(breaker_ != nullptr);
    auto& breaker = *std::exchange(breaker_, nullptr);
    if (probe_) breaker.probing_ = false;
    // What began before the breaker opened says nothing new.
    if (probe_ || !breaker.is_open()) breaker.rest(now, random);
}

std::optional<CircuitBreaker::Pass> CircuitBreaker::ask(Time now) {
    if (!resting_until_) return Pass(*this, false);
    if (now < *resting_until_ || probing_) return std::nullopt;
    probing_ = true;
    return Pass(*this, true);
}

void CircuitBreaker::rest(Time now, Random& random) {
    auto span = options_.rest;
    for (int i = 0; i < rests_ && span < options_.longest_rest; ++i) span *= 2;
    span = std::max(Duration(2), std::min(span, options_.longest_rest));
    const auto half = static_cast<std::uint64_t>(span.count() / 2);
    resting_until_ = now + span / 2 + Duration(static_cast<std::int64_t>(random.next() % half));
    ++rests_;
    failures_ = 0;
}

}  // namespace mlbilling
