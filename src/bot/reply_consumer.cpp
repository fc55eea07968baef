#include "bot/reply_consumer.hpp"

#include <utility>

#include "base/log.hpp"
#include "base/outage_log.hpp"
#include "base/unavailable.hpp"
#include "bot/waiting.hpp"
#include "domain/retry.hpp"
#include "ports/cancellation.hpp"
#include "protocol/messages.hpp"

namespace mlbilling::bot {
namespace {

/// One that has lasted so long was no failure from the start.
constexpr Duration good_life{10'000};

}  // namespace

Async<void> ReplyConsumer::run() {
    int failures = 0;
    log::OutageLog outage("replies do not come in");
    while (!stop_.is_set()) {
        const auto began = outside_.clock.now();
        try {
            co_await consume();
        } catch (const Unavailable& error) {
            outage.tell(error.what());
        } catch (const std::exception& error) {
            if (is_cancellation(error)) throw;
            log::error("reading replies failed", {{"error", error.what()}});
        }
        if (stop_.is_set()) co_return;
        // What had worked for a while failed for the first time.
        if (outside_.clock.now() - began > good_life) {
            failures = 0;
            outage.over();
        }
        const auto wait = backoff(while_down, ++failures, outside_.random.next());
        co_await stop_.wait_within(outside_.clock, wait);
    }
}

Async<void> ReplyConsumer::consume() {
    co_await outside_.broker.declare(options_.reply_queue);
    while (!stop_.is_set()) {
        auto received = co_await unless_set(stop_, outside_.broker.receive(options_.reply_queue));
        if (received) co_await take(std::move(*received));
    }
}

Async<void> ReplyConsumer::take(ReceivedMessage received) {
    const auto& correlation = received.message.correlation_id;
    if (!is_task_id(correlation)) {
        co_await outside_.broker.reject(received.receipt, "the correlation id is no task id");
        co_return;
    }
    deliveries_.deliver_result(TaskId(correlation));
    co_await outside_.broker.acknowledge(received.receipt);
}

}  // namespace mlbilling::bot
