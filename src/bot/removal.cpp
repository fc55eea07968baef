#include "bot/removal.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace mlbilling::bot {

// Ports outlive the loop.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
Async<void> remove_message(telegram::Api& telegram, Clock& clock, ChatId chat, MessageId message) {
    using telegram::Failure;
    constexpr int tries = 3;
    constexpr Duration longest_wait{10'000};
    for (int attempt = 1;; ++attempt) {
        const auto outcome = co_await telegram.delete_message(chat, message);
        if (outcome.ok() || outcome.error().failure == Failure::message_gone) co_return;
        const auto failure = outcome.error().failure;
        const bool passing = failure == Failure::not_sent || failure == Failure::ambiguous ||
                             failure == Failure::too_many_requests;
        const auto wait = std::max(outcome.error().retry_after, Duration(1'000));
        if (!passing || attempt == tries || wait > longest_wait) {
            log::info("a message of ours stays", {{"error", outcome.error().description}});
            co_return;
        }
        co_await clock.sleep(wait);
    }
}

}  // namespace mlbilling::bot
