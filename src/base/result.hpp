#pragma once

#include <string>
#include <utility>
#include <variant>

#include "base/check.hpp"

namespace mlbilling {

/// Why something from outside was not accepted: one clear sentence for a person to read.
struct Problem {
    std::string message;
    friend bool operator==(const Problem&, const Problem&) = default;
};

/// A value, or the expected reason why there is none. Outside things that are down are exceptions.
template <class Value, class Error = Problem>
class [[nodiscard]] Result {
  public:
    // Implicit, so that a function returns the value or the error just as it is.
    Result(Value value)  // NOLINT(google-explicit-constructor)
        : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error)  // NOLINT(google-explicit-constructor)
        : state_(std::in_place_index<1>, std::move(error)) {}

    bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    const Value& value() const& {
        CHECK(ok());
        return std::get<0>(state_);
    }
    Value& value() & {
        CHECK(ok());
        return std::get<0>(state_);
    }
    Value&& value() && {
        CHECK(ok());
        return std::get<0>(std::move(state_));
    }
    const Error& error() const {
        CHECK(!ok());
        return std::get<1>(state_);
    }

    const Value* operator->() const { return &value(); }
    Value* operator->() { return &value(); }
    const Value& operator*() const& { return value(); }
    Value& operator*() & { return value(); }
    Value&& operator*() && { return std::move(*this).value(); }

  private:
    std::variant<Value, Error> state_;
};

}  // namespace mlbilling
