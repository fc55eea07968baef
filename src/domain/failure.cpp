#include "domain/failure.hpp"

#include "domain/names.hpp"

namespace mlbilling {
namespace {

constexpr Names<FailureReason, 17> names{
    {{FailureReason::none, "none"},
     {FailureReason::nothing_to_say, "nothing_to_say"},
     {FailureReason::silence, "silence"},
     {FailureReason::not_audio, "not_audio"},
     {FailureReason::damaged_audio, "damaged_audio"},
     {FailureReason::too_long, "too_long"},
     {FailureReason::too_large, "too_large"},
     {FailureReason::file_unavailable, "file_unavailable"},
     {FailureReason::unsupported_language, "unsupported_language"},
     {FailureReason::provider_refused, "provider_refused"},
     {FailureReason::too_short, "too_short"},
     {FailureReason::not_spoken, "not_spoken"},
     {FailureReason::provider_failed, "provider_failed"},
     {FailureReason::insufficient_credits, "insufficient_credits"},
     {FailureReason::price_above_limit, "price_above_limit"},
     {FailureReason::expired, "expired"},
     {FailureReason::cancelled, "cancelled"}}};

}  // namespace

std::string_view to_string(FailureReason reason) { return name_of(names, reason); }
std::optional<FailureReason> parse_failure_reason(std::string_view name) {
    return value_of(names, name);
}

}  // namespace mlbilling
