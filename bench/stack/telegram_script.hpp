#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "stack/scripted_voices.hpp"
#include "standin/latency.hpp"

namespace mlbilling::bench {

/// What users send, and when each of them is answered: with a rate at fixed moments, without one
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
        /// Of a hundred messages, so many are voices.
        std::int64_t voices = 0;
        /// The provider's, which is no part of the latency that is reported. Without a sigma: none.
        standin::Latency provider;
    };
    using Clock = std::chrono::steady_clock;

    explicit TelegramScript(const Plan& plan) : plan_(plan) {}

    /// Messages written and not confirmed, as the result of getUpdates; `[]` when there are none.
    std::string updates(std::int64_t offset);
    /// When the next message is written, as far as it is known; nothing when answers decide it.
    std::optional<Clock::time_point> next_write() const;
    /// A voice arrived as the answer to the message.
    void answered_by_voice(std::int64_t message);
    /// A message of the bot's with the id `sent` arrived that replies to one of the script's.
    void answered_by_text(std::int64_t message, std::int64_t sent, const std::string& body);
    /// The bot changed what it had sent.
    void changed(std::int64_t sent, const std::string& body);
    bool finished() const { return answered_ == plan_.tasks; }
    /// The recording behind a file_id; empty when there is none.
    std::string file(std::int64_t id) const { return voices_.file_of(id); }
    /// Figures as JSON: tasks, seconds from the first message to the last answer, latencies in ms
    /// without the provider's.
    std::string report() const;

  private:
    struct Written {
        Clock::time_point at;
        bool voice = false;
        /// From then until the answer, less what the provider took.
        std::optional<double> added_ms;
    };
    void write_due_messages();
    void write(Clock::time_point at);
    std::string update_of(std::int64_t number) const;
    void answered(std::int64_t message);
    Duration latency_of_provider(std::int64_t number) const;

    Plan plan_;
    ScriptedVoices voices_;
    std::vector<Written> written_;
    /// The message that a message of the bot's replies to, while it is not the answer.
    std::map<std::int64_t, std::int64_t> unanswered_;
    std::int64_t confirmed_ = 0;
    std::int64_t answered_ = 0;
    std::int64_t repeated_ = 0;
    Clock::time_point last_answer_;
};

}  // namespace mlbilling::bench
