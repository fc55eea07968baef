#pragma once

#include <deque>
#include <map>

#include "base/ids.hpp"
#include "bot/background.hpp"

namespace mlbilling::bot {

/// Runs jobs of one chat strictly one after the other, jobs of different chats side by side, and at
/// most `at_once` in all.
class Lanes {
  public:
    Lanes(Background& background, int at_once) : background_(background), free_(at_once) {}

    /// Puts the job at the end of the chat's lane.
    void post(ChatId chat, Async<void> job);

  private:
    Async<void> work_off(ChatId chat);
    Async<void> run(ChatId chat, Async<void> job);

    Background& background_;
    int free_;
    Event freed_;
    /// A chat is here while its lane is being worked off.
    std::map<ChatId, std::deque<Async<void>>> lanes_;
};

}  // namespace mlbilling::bot
