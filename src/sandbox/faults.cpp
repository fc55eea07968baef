#include "sandbox/faults.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mlbilling::sandbox {
namespace {

using Kind = Fault::Kind;
constexpr std::size_t most_faults = 1'000;
constexpr std::array<std::pair<Kind, std::string_view>, 10> names{{
    {Kind::too_many_requests, "429"},
    {Kind::forbidden, "403"},
    {Kind::bad_request, "400"},
    {Kind::internal_error, "500"},
    {Kind::bad_gateway, "502html"},
    {Kind::timeout, "timeout"},
    {Kind::stall, "stall"},
    {Kind::drop_before, "drop_before"},
    {Kind::drop_after, "drop_after"},
    {Kind::truncate, "truncate"},
}};

}  // namespace

std::string_view name_of(Fault::Kind kind) {
    for (const auto& [value, name] : names) {
        if (value == kind) return name;
    }
    return "500";
}

std::optional<Fault::Kind> fault_named(std::string_view wanted) {
    for (const auto& [value, name] : names) {
        if (name == wanted) return value;
    }
    return std::nullopt;
}

Result<Fault> Faults::add(Fault fault) {
    if (faults_.size() >= most_faults) return Problem{"there are too many faults already"};
    if (fault.method.empty()) return Problem{"method is missing"};
    if (fault.count < 1 || fault.count > 1'000'000) return Problem{"count must be 1 to 1000000"};
    if (fault.retry_after < 1 || fault.retry_after > 86'400) {
        return Problem{"retry_after must be 1 to 86400 seconds"};
    }
    if (fault.delay < Duration(0) || fault.delay > std::chrono::hours(1)) {
        return Problem{"delay_ms must be 0 to 3600000"};
    }
    faults_.push_back(fault);
    return fault;
}

std::optional<Fault> Faults::strike(std::string_view lower_case_method) {
    const auto found = std::find_if(faults_.begin(), faults_.end(), [&](const Fault& fault) {
        return fault.method == "*" || fault.method == lower_case_method;
    });
    if (found == faults_.end()) return std::nullopt;
    auto fault = *found;
    if (--found->count == 0) faults_.erase(found);
    return fault;
}

}  // namespace mlbilling::sandbox
