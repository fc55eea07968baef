#pragma once

#include <optional>

#include "base/time.hpp"
#include "ports/random.hpp"

namespace mlbilling {

/// Keeps calls from something that keeps failing. Closed, it lets all through; after so many
/// failures in a row it opens and lets none through for a while; then one call, the probe, decides
/// whether it closes or rests again, twice as long. It must outlive its passes.
class CircuitBreaker {
  public:
    struct Options {
        /// In a row.
        int failures = 5;
        /// The first rest; each further one is twice as long. Between half of it and all of it, so
        /// that processes do not probe in step.
        Duration rest{10'000};
        Duration longest_rest{300'000};
    };

    /// One call that was let through. Dropped without a word, as when the call was cancelled, it
    /// counts for nothing.
    class Pass {
      public:
        Pass(CircuitBreaker& breaker, bool probe) : breaker_(&breaker), probe_(probe) {}
        ~Pass();
        Pass(Pass&& other) noexcept;
        Pass(const Pass&) = delete;
        Pass& operator=(const Pass&) = delete;
        Pass& operator=(Pass&&) = delete;

        /// The other side is alive, whatever it answered.
        void succeeded();
        /// True when the breaker has opened by it.
        bool failed(Time now, Random& random);
        /// It would fail as often as it were tried: opens the breaker at once.
        void failed_for_good(Time now, Random& random);

      private:
        CircuitBreaker* breaker_;
        bool probe_;
    };

    explicit CircuitBreaker(Options options) : options_(options) {}
    CircuitBreaker(const CircuitBreaker&) = delete;
    CircuitBreaker& operator=(const CircuitBreaker&) = delete;

    /// Nothing while the breaker is open, or its probe is under way.
    std::optional<Pass> ask(Time now);
    bool is_open() const { return resting_until_.has_value(); }

  private:
    void rest(Time now, Random& random);

    Options options_;
    int failures_ = 0;
    int rests_ = 0;
    std::optional<Time> resting_until_;
    bool probing_ = false;
};

}  // namespace mlbilling
