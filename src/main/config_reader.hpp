#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "main/environment.hpp"

namespace mlbilling {

/// Reads variables one by one and keeps the first problem. The environment outlives it.
class ConfigReader {
  public:
    explicit ConfigReader(const Environment& environment) : environment_(environment) {}

    /// The value, or that of the alias, without blanks and line ends around it; nothing when both
    /// are unset or empty. A control character within is a problem.
    std::optional<std::string> text(const std::string& name, const std::string& alias = "");
    /// Whether the variable is there, be it empty.
    bool is_set(const std::string& name) const { return environment_.contains(name); }
    /// The items of a comma-separated list, without the blanks around them; none may be empty.
    std::vector<std::string> list(const std::string& name);
    void number(const std::string& name, std::int64_t low, std::int64_t high,
                const std::function<void(std::int64_t)>& set);
    /// Seconds.
    void seconds(const std::string& name, std::int64_t low, std::int64_t high, Duration& value);
    /// The value must be one of those that are known.
    void choice(const std::string& name, std::initializer_list<std::string_view> known);
    /// A file or folder, said as it is: neither a URL, nor with a ~ that only a shell expands.
    void path(const std::string& name, std::string& value);
    /// An http:// or https:// address without a query; a slash at its end is dropped.
    void web_address(const std::string& name, std::string& value);

    void refuse(const std::string& name, const std::string& why) {
        if (!problem_) problem_ = Problem{name + " " + why};
    }
    const std::optional<Problem>& problem() const { return problem_; }

  private:
    const Environment& environment_;
    std::optional<Problem> problem_;
};

}  // namespace mlbilling
