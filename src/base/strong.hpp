#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace mlbilling {

/// A value of type Rep that converts to or from nothing by accident; Tag tells two of them apart.
template <class Tag, class Rep>
class Strong {
  public:
    Strong() = default;
    explicit Strong(Rep value) : value_(std::move(value)) {}

    const Rep& value() const { return value_; }

    friend auto operator<=>(const Strong&, const Strong&) = default;
    friend bool operator==(const Strong&, const Strong&) = default;

  private:
    Rep value_{};
};

}  // namespace mlbilling

template <class Tag, class Rep>
struct std::hash<mlbilling::Strong<Tag, Rep>> {
    std::size_t operator()(const mlbilling::Strong<Tag, Rep>& id) const {
        return std::hash<Rep>{}(id.value());
    }
};
