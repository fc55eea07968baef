#pragma once

#include <cstdint>

#include "ports/random.hpp"
#include "sandbox/button_queries.hpp"
#include "sandbox/chats.hpp"
#include "sandbox/commands.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/files.hpp"
#include "sandbox/people.hpp"
#include "sandbox/updates.hpp"

namespace mlbilling::sandbox {

/// All that the sandbox knows. It lives in memory only and knows neither sockets nor clocks.
struct State {
    explicit State(Random& random, std::uint64_t file_capacity = 512U << 20U)
        // Random starts: a bot must not mistake a new sandbox's messages and updates for those of
        // the old one, which its database remembers.
        : chats(static_cast<std::int64_t>(random.next() % 1'000'000'000)),
          files(random, file_capacity),
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
};

}  // namespace mlbilling::sandbox
