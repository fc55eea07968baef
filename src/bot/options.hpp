#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "domain/credits.hpp"
#include "domain/text.hpp"
#include "ports/audio.hpp"
#include "ports/broker.hpp"
#include "ports/clock.hpp"
#include "ports/metrics.hpp"
#include "ports/random.hpp"
#include "ports/results.hpp"
#include "ports/speech.hpp"
#include "ports/store/deliveries.hpp"
#include "ports/store/intake.hpp"
#include "ports/store/poll_lease.hpp"
#include "ports/store/refunds.hpp"
#include "ports/telegram.hpp"
#include "protocol/outbox_publisher.hpp"

namespace mlbilling::bot {

struct BotOptions {
    /// This process's own queue, where workers answer.
    QueueName reply_queue;
    /// A price above this waits for the user's yes; absent: never ask.
    std::optional<Credits> ask_above;
    /// Granted at first contact.
    StartingGrant start{Credits(20), 500};
    /// How long a task may take in all.
    Duration task_time_limit{3'600'000};
    /// Set: Telegram brings the updates to this webhook. Else they are polled for.
    std::optional<telegram::Webhook> webhook;
    /// Holder of the poll lease: of this process alone, or of its successor that takes over at
    /// once.
    std::string process_name = "bot";
    /// How long the lease of the process that polls lasts, how often it is prolonged, and how often
    /// the others ask for it. The first and the last together are the longest time without a poll
    /// after that process dies; the first less the second is how long the database may keep silent
    /// before a living one breaks off its poll.
    Duration poll_lease{3'000};
    Duration renew_poll_lease_every{750};
    Duration ask_for_poll_lease_every{500};
    /// The longest that Telegram holds a poll (telegram.md 1.2).
    Duration poll_timeout{50'000};
    /// How long an answer whose sender died waits for another. The living renew their claims.
    Duration claim_for{15'000};
    Duration sweep_every{2'000};
    /// A task that is done sooner gets no status message.
    Duration status_after{1'000};
    /// Chats that are answered at the same time.
    int deliveries_at_once = 32;
    /// Code points of the normalised text.
    std::size_t longest_text = max_text;
    /// Bytes; larger files are not given to bots (telegram.md 1.5).
    std::int64_t largest_file = std::int64_t{20} << 20;
};

/// The outside of the bot. All of it must outlive the bot.
struct Dependencies {
    IntakeStore& intake;
    DeliveryStore& deliveries;
    RefundStore& refunds;
    PollLeaseStore& poll_leases;
    telegram::Api& telegram;
    Broker& broker;
    ResultStore& results;
    /// For the list of voices and for samples of them; tasks are the worker's.
    Speech& speech;
    AudioCodec& codec;
    Clock& clock;
    Random& random;
    Metrics& metrics;
    OutboxPublisher& publisher;
};

}  // namespace mlbilling::bot
