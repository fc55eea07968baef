#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "domain/credits.hpp"
#include "domain/micro_roubles.hpp"
#include "domain/retry.hpp"
#include "domain/text.hpp"
#include "ports/store/intake.hpp"

namespace mlbilling {

/// What no task of this worker may exceed.
struct WorkLimits {
    /// Code points of another producer's normalised text; the bot looks at its own.
    std::size_t max_text = mlbilling::max_text;
    /// Decoded length of a recording.
    Duration longest_recording{4 * 3'600'000};
    /// Bytes of a file from Telegram; its Bot API gives no more (telegram.md 1.5).
    std::size_t largest_file = 20 * 1024 * 1024;
    /// Bytes of all such files that are in memory at once, from before their download to the end of
    /// their tasks; at least one has room.
    std::size_t files_in_memory = std::size_t{256} << 20;
    /// Bytes of one voice message; Telegram shows larger ones as files (telegram.md 1.5).
    std::size_t largest_voice = 1'000'000;
    /// UTF-16 units of one voice at normal speed: about three minutes of speech, less than half of
    /// largest_voice at 24 kbit/s. A part that comes out larger all the same is cut again.
    std::size_t longest_part = 2'000;
};

struct WorkerOptions {
    /// Unique among the workers; kept with the lease for the operator.
    std::string name;
    /// Tasks in flight at most.
    int concurrency = 64;
    Duration lease{30'000};
    /// How often the lease is renewed; well below its length.
    Duration heartbeat{10'000};
    /// How long stop() lets running work go on before it is cut off and its lease handed back.
    Duration drain{20'000};
    RetryPolicy retry{.max_attempts = 5, .base = Duration(2'000), .cap = Duration(60'000)};
    /// Retries that may be saved up (reliability.md 6).
    int retry_budget = 100;
    WorkLimits limits;
    /// A measured price above this and above what is held waits for the user's yes; absent: never
    /// ask.
    std::optional<Credits> ask_above;
    /// What one credit is worth to us: what a task holds bounds what a fallback provider may cost.
    /// Absent: nothing bounds it.
    std::optional<MicroRoubles> credit_worth;
    /// For other producers' tasks: what a user is granted whom the bot has never seen, and the
    /// task's deadline.
    StartingGrant start;
    Duration time_limit{2 * 3'600'000};
};

}  // namespace mlbilling
