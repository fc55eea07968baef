#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "adapters/yandex/quota_gate.hpp"
#include "adapters/yandex/speech_kit.hpp"
#include "ports/speech.hpp"

namespace mlbilling::yandex {

/// Whether it may stand in an address: Yandex's ids are letters and digits, at most 50.
bool is_operation_id(std::string_view id);

struct OperationDone {};
/// Yandex does not know it, or not any more: results are kept for three days.
struct OperationUnknown {};
/// It ended without a result.
struct OperationFailed {
    ProviderFailure failure;
};
/// A failure alone: it could not be watched, and may still go on.
using OperationEnd =
    std::variant<OperationDone, OperationUnknown, OperationFailed, ProviderFailure>;

/// Watches operations on their own host.
class Operations {
  public:
    Operations(SpeechKit& kit, Quotas& quotas, Clock& clock, const Options& options)
        : kit_(kit),
          clock_(clock),
          options_(options),
          gate_(quotas, clock, "yandex.polls", options.limits.polls) {}

    /// Asks at growing intervals, `pause` before the first time, until the operation ends; busy at
    /// the deadline, while it goes on.
    Async<OperationEnd> wait_for(std::string id, Duration pause, Time deadline);

  private:
    struct Running {};
    using State = std::variant<Running, OperationEnd>;

    Async<State> look_at(std::string id, Time deadline);

    SpeechKit& kit_;
    Clock& clock_;
    const Options& options_;
    QuotaGate gate_;
};

}  // namespace mlbilling::yandex
