#pragma once

#include <string>
#include <string_view>

#include "adapters/yandex/quota_gate.hpp"
#include "adapters/yandex/speech_kit.hpp"
#include "ports/speech.hpp"

namespace mlbilling::yandex {

/// What v1 takes (https://yandex.cloud/docs/speechkit/concepts/limits): 30 s, less some for how
/// they may measure, and 1 MB of one channel.
inline constexpr Duration longest_short_recording{29'500};
inline constexpr std::size_t largest_short_recording = 1'000'000;

/// Recognises what is short: one request, answered at once.
class ShortRecognition {
  public:
    ShortRecognition(SpeechKit& kit, Quotas& quotas, Clock& clock, const Options& options)
        : kit_(kit),
          clock_(clock),
          options_(options),
          gate_(quotas, clock, "yandex.short_recognition", options.limits.short_recognition) {}

    /// `language` as recognition_code() has it; `duration` as we measured it.
    Async<Provided<Transcript>> recognize(std::string ogg_opus, std::string_view language,
                                          Duration duration, Time deadline);

  private:
    SpeechKit& kit_;
    Clock& clock_;
    const Options& options_;
    QuotaGate gate_;
};

}  // namespace mlbilling::yandex
