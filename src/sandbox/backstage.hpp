#pragma once

#include <cstdint>
#include <string>

#include "ports/async.hpp"

namespace mlbilling::sandbox {

/// What the chat page may show of the service behind the bot, and break of it. The sandbox passes
/// both on without looking inside; main connects them to the service.
class Backstage {
  public:
    virtual ~Backstage() = default;

    /// The user's current task and account as a JSON object.
    virtual Async<std::string> story(std::int64_t telegram_id) = 0;
    /// Does what a button of the page says: `kill-worker`, or `provider` with `ok`, `fail`, `hang`
    /// or `silence`. Answers a JSON object; throws std::invalid_argument for an action that it does
    /// not know.
    virtual Async<std::string> act(std::string action, std::string argument) = 0;
};

}  // namespace mlbilling::sandbox
