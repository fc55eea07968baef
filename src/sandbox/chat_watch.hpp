#pragma once

#include <cstdint>
#include <map>

#include "ports/event.hpp"

namespace mlbilling::sandbox {

/// Coroutines that wait for a change of a chat.
class ChatWatch {
  public:
    /// Stands on the list while it lives.
    class Watcher {
      public:
        Watcher(ChatWatch& watch, std::int64_t chat)
            : watch_(watch), place_(watch.watchers_.emplace(chat, this)) {}
        ~Watcher() { watch_.watchers_.erase(place_); }
        Watcher(const Watcher&) = delete;
        Watcher& operator=(const Watcher&) = delete;

        /// Set by every change; whoever waits resets it before looking at the chat.
        Event changed;

      private:
        ChatWatch& watch_;
        std::multimap<std::int64_t, Watcher*>::iterator place_;
    };

    void announce(std::int64_t chat) {
        const auto [first, last] = watchers_.equal_range(chat);
        for (auto watcher = first; watcher != last; ++watcher) watcher->second->changed.set();
    }
    void announce_all() {
        for (const auto& [chat, watcher] : watchers_) watcher->changed.set();
    }

  private:
    std::multimap<std::int64_t, Watcher*> watchers_;
};

}  // namespace mlbilling::sandbox
