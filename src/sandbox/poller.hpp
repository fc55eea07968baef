#pragma once

#include <cstdint>
#include <string>

#include "ports/clock.hpp"
#include "ports/event.hpp"
#include "sandbox/answer.hpp"
#include "sandbox/call.hpp"
#include "sandbox/state.hpp"

namespace mlbilling::sandbox {

/// getUpdates with its long polling, by the real server's rules (telegram.md 1.2).
class Poller {
  public:
    Poller(State& state, Clock& clock);
    ~Poller();
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;

    /// Answers updates, after waiting for them if asked to; at most 50 s. A newer poll that must
    /// wait, too, ends this one with 409.
    Async<Answer> get_updates(Call call);
    /// Ends the waiting poll and every later one as a server that restarts does.
    void close();

  private:
    /// A poll that waits.
    struct Waiting {
        Event woken;
        bool replaced = false;
    };
    /// Takes the poll off the list at the end of its coroutine.
    struct Place {
        Poller& poller;
        Waiting* waiting;
        ~Place() {
            if (poller.waiting_ == waiting) poller.waiting_ = nullptr;
        }
    };

    Answer batch(const Call& call, std::int64_t offset, std::size_t limit, bool& empty);
    Async<Answer> conflict();

    State& state_;
    Clock& clock_;
    Waiting* waiting_ = nullptr;
    std::int64_t previous_offset_ = -1;
    Time previous_start_{};
    Time next_prompt_conflict_{};
    bool closed_ = false;
};

}  // namespace mlbilling::sandbox
