#pragma once

#include "ports/telegram.hpp"

namespace mlbilling::bot {

/// What is done with an update. When handle() returns, the effects are committed; it throws
/// Unavailable when they are not, and the update comes again.
class UpdateHandler {
  public:
    virtual ~UpdateHandler() = default;
    virtual Async<void> handle(telegram::Update update) = 0;
};

}  // namespace mlbilling::bot
