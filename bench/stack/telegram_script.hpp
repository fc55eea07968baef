#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace mlbilling::bench {

/// What users write, and when each of them is answered: with a rate at fixed moments, without one
/// as fast as answers come back.
class TelegramScript {
  public:
    struct Plan {
        std::int64_t tasks = 10'000;
        std::int64_t users = 1'000;
        /// Ids count up from here, so that those of an earlier script are not met again.
        std::int64_t first_id = 1;
        /// Messages per second; 0: keep `outstanding` of them unanswered.
        double rate = 0;
        std::int64_t outstanding = 256;
    };
    using Clock = std::chrono::steady_clock;

    explicit TelegramScript(const Plan& plan) : plan_(plan) {}

    /// Messages written and not confirmed, as the result of getUpdates; `[]` when there are none.
    std::string updates(std::int64_t offset);
    /// When the next message is written, as far as it is known; nothing when answers decide it.
    std::optional<Clock::time_point> next_write() const;
    /// A voice arrived as the answer to the message.
    void answered(std::int64_t message);
    bool finished() const { return answered_ == plan_.tasks; }
    /// Figures as JSON: tasks, seconds from the first message to the last answer, latencies in ms.
    std::string report() const;

  private:
    struct Written {
        Clock::time_point at;
        std::optional<Clock::time_point> answered;
    };
    void write_due_messages();
    std::string update_of(std::int64_t number) const;

    Plan plan_;
    std::vector<Written> written_;
    std::int64_t confirmed_ = 0;
    std::int64_t answered_ = 0;
    std::int64_t repeated_ = 0;
    Clock::time_point last_answer_;
};

}  // namespace mlbilling::bench
