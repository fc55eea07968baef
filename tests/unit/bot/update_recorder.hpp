#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <vector>

#include "base/unavailable.hpp"
#include "bot/update_handler.hpp"
#include "ports/clock.hpp"

namespace mlbilling::test {

/// Remembers what was handled, after a time and with failures as told.
class UpdateRecorder final : public bot::UpdateHandler {
  public:
    explicit UpdateRecorder(Clock& clock) : clock_(clock) {}

    std::vector<std::int64_t> begun;
    std::vector<std::int64_t> committed;
    std::map<std::int64_t, int> failures;
    std::map<std::int64_t, int> odd_failures;
    std::map<std::int64_t, Duration> delays;

    Async<void> handle(telegram::Update update) override {
        const auto id = update.id.value();
        begun.push_back(id);
        if (delays.contains(id)) co_await clock_.sleep(delays[id]);
        if (failures[id]-- > 0) throw Unavailable("scripted store");
        if (odd_failures[id]-- > 0) throw std::length_error("scripted surprise");
        committed.push_back(id);
    }

  private:
    Clock& clock_;
};

}  // namespace mlbilling::test
