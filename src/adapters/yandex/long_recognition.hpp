#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "adapters/yandex/operations.hpp"
#include "adapters/yandex/quota_line.hpp"
#include "adapters/yandex/speech_kit.hpp"
#include "ports/speech.hpp"

namespace mlbilling::yandex {

/// The body of v3's recognizeFileAsync, with the recording inside it.
std::string recognition_body(std::string_view ogg_opus, std::string_view language);

/// What is to be recognised.
struct LongRecording {
    std::string ogg_opus;
    /// As recognition_code() has it.
    std::string_view language;
    Duration duration{};
    /// Of an earlier attempt, or empty.
    std::string operation;
    std::function<Async<void>(std::string operation)> on_operation;
    /// In the line for our quota of recordings.
    QuotaPlace place;
};

/// Recognises recordings of up to four hours: an operation that is begun, watched, and asked for
/// its transcript. An operation of an earlier attempt is taken up again, since beginning another
/// one costs money again; one that Yandex has forgotten, or that failed, is begun anew.
class LongRecognition {
  public:
    LongRecognition(SpeechKit& kit, Quotas& quotas, Clock& clock, const Options& options)
        : kit_(kit),
          clock_(clock),
          options_(options),
          line_(quotas, clock, "yandex.long_recognition", options.limits.long_recognition),
          operations_(kit, quotas, clock, options) {}

    Async<Provided<Transcript>> recognize(LongRecording recording, Time deadline);

  private:
    struct Gone {};
    using Outcome = std::variant<Transcript, Gone, ProviderFailure>;

    Async<Outcome> resume(std::string operation, Duration pause, Time deadline);
    Async<Provided<Transcript>> begin(LongRecording recording, Time deadline);
    using Submitted = std::variant<std::string, ProviderFailure>;

    /// The id of a new operation, when it is the recording's turn.
    Async<Submitted> submit_in_turn(QuotaPlace place, std::string body, Duration recording,
                                    Time deadline);
    Async<std::variant<std::string, KitFailure>> submit(std::string body, MicroRoubles price,
                                                        Time deadline);
    Async<Outcome> fetch(std::string operation, Time deadline);
    /// Removes the transcript at Yandex, where it would lie for three days.
    Async<void> remove(std::string operation, Time deadline);

    SpeechKit& kit_;
    Clock& clock_;
    const Options& options_;
    QuotaLine line_;
    Operations operations_;
};

}  // namespace mlbilling::yandex
