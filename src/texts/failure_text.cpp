#include "texts/failure_text.hpp"

#include "base/check.hpp"
#include "texts/render.hpp"

namespace mlbilling {
namespace {

TextId text_for(FailureReason reason) {
    switch (reason) {
        case FailureReason::none: return TextId::failure_none;
        case FailureReason::nothing_to_say: return TextId::failure_nothing_to_say;
        case FailureReason::silence: return TextId::failure_silence;
        case FailureReason::not_audio: return TextId::failure_not_audio;
        case FailureReason::damaged_audio: return TextId::failure_damaged_audio;
        case FailureReason::too_long: return TextId::failure_too_long;
        case FailureReason::too_large: return TextId::failure_too_large;
        case FailureReason::file_unavailable: return TextId::failure_file_unavailable;
        case FailureReason::unsupported_language: return TextId::failure_unsupported_language;
        case FailureReason::provider_refused: return TextId::failure_provider_refused;
        case FailureReason::too_short: return TextId::failure_too_short;
        case FailureReason::not_spoken: return TextId::failure_not_spoken;
        case FailureReason::provider_failed: return TextId::failure_provider_failed;
        case FailureReason::insufficient_credits: return TextId::failure_insufficient_credits;
        case FailureReason::price_above_limit: return TextId::failure_price_above_limit;
        case FailureReason::expired: return TextId::failure_expired;
        case FailureReason::cancelled: return TextId::failure_cancelled;
    }
    check_failed("every failure has a text", __FILE__, __LINE__);
}

}  // namespace

std::string failure_text(Language language, FailureReason reason) {
    return render(language, text_for(reason));
}

}  // namespace mlbilling
