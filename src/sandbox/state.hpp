#pragma once

#include <cstdint>
#include <optional>

#include "ports/random.hpp"
#include "sandbox/button_queries.hpp"
#include "sandbox/chats.hpp"
#include "sandbox/commands.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/files.hpp"
#include "sandbox/people.hpp"
#include "sandbox/updates.hpp"
#include "sandbox/webhook.hpp"

namespace mlbilling::sandbox {

/// All that the sandbox knows. It lives in memory only and knows neither sockets nor clocks.
struct State {
    /// `first_message_id`: where each chat begins to count.
    explicit State(Random& random, std::uint64_t file_capacity = 512U << 20U,
                   std::int64_t first_message_id = 0)
        : chats(first_message_id),
          files(random, file_capacity),
          // Random starts, as the real ones: a bot must not mistake a new sandbox for the old one.
          updates(100'000'000 + static_cast<std::int64_t>(random.next() % 800'000'000)),
          queries(1'000'000'000'000'000 +
                  static_cast<std::int64_t>(random.next() % (1ULL << 52U))) {
        for (const auto& [id, person] : people.all()) chats.open_private(id);
    }

    People people;
    Chats chats;
    Files files;
    Updates updates;
    ButtonQueries queries;
    Commands commands;
    Faults faults;
    /// Whether there is something that brings updates to a webhook.
    bool delivers_webhooks = false;
    std::optional<Webhook> webhook;
    /// Until then another setWebhook is refused.
    Time next_webhook_at{};
};

}  // namespace mlbilling::sandbox
