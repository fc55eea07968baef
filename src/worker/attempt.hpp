#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "ports/store/work.hpp"

namespace mlbilling {

/// One lease of one task, from the lease to its settlement.
struct Attempt {
    TaskRecord task;
    /// Unfinished provider operation of an earlier attempt, or empty.
    std::string operation;
    Time started;
    /// Blobs of this attempt; removed unless they become the task's result.
    std::vector<ResultKey> written;
    /// What the calls of the provider cost so far, and who was called last.
    Spending spending;
};

/// Another attempt may succeed.
struct TryAgain {
    /// What the user is told when there is no other attempt.
    FailureReason reason = FailureReason::provider_failed;
    /// Telegram or the provider asked for at least this pause.
    Duration pause{};
    /// Whether it draws on the retry budget: only calls of the provider do.
    bool provider_failed = true;
    /// False when nothing failed and the work goes on at the provider: it is only looked at again,
    /// as often as the task's deadline allows.
    bool counts = true;
    /// How many attempts there may be at most; absent: as many as ever.
    std::optional<int> most = std::nullopt;
    /// The task waits for its turn, for all of `pause`, and then takes about this long.
    std::optional<Duration> in_line = std::nullopt;
};
/// Nothing will come of it.
struct Failed {
    FailureReason reason = FailureReason::none;
    std::optional<Units> measured;
};
/// The lease is another's: whatever was made is dropped.
struct Lost {};
/// Cut off by the end of the process: another worker may begin at once.
struct HandedBack {};

/// What came of the work, before anyone has asked whether there may be another attempt.
using Verdict = std::variant<Lost, Completion, Failed, TryAgain, HandedBack>;

struct RetryAt {
    Time moment;
    /// Whether the attempt that ends is one of those that a task may have.
    bool counts = true;
    /// The task waits for its turn, which is that moment, and will be ready then.
    std::optional<Time> ready_at = std::nullopt;
};
/// What is to be settled. Made once from a verdict, so that a settlement tried twice asks for the
/// same.
using Decision = std::variant<Lost, Completion, Failed, RetryAt>;

}  // namespace mlbilling
