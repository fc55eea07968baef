#pragma once

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include "base/unavailable.hpp"
#include "ports/metrics.hpp"
#include "ports/results.hpp"
#include "ports/store/upkeep.hpp"
#include "support/seeded_random.hpp"
#include "support/virtual_clock.hpp"

namespace mlbilling::test {

/// An outbox and a sweep that answer as they are told.
class FakeUpkeep final : public UpkeepStore {
  public:
    explicit FakeUpkeep(Clock& clock) : clock_(clock) {}

    std::vector<OutboxRecord> outbox;
    std::vector<int> limits;
    std::vector<Time> sweeps;
    std::vector<SweepReport> reports;
    int outages = 0;
    int odd_failures = 0;

    void add(int count) {
        for (int i = 0; i < count; ++i) {
            OutboxRecord row;
            row.id = OutboxId(next_++);
            row.task.id = TaskId("1_" + std::to_string(row.id.value()));
            row.task.payload.data = "hi";
            outbox.push_back(row);
        }
    }

    Async<std::vector<OutboxRecord>> take_outbox(int limit, Duration) override {
        co_await pass();
        limits.push_back(limit);
        const auto count = std::min(outbox.size(), static_cast<std::size_t>(limit));
        const auto end = outbox.begin() + static_cast<std::ptrdiff_t>(count);
        co_return std::vector<OutboxRecord>(outbox.begin(), end);
    }
    Async<void> published(std::vector<OutboxId> ids) override {
        co_await pass();
        for (const auto id : ids)
            std::erase_if(outbox, [&](const auto& row) { return row.id == id; });
    }
    Async<void> not_published(std::vector<OutboxId>) override { co_await pass(); }
    Async<SweepReport> sweep(SweepPolicy) override {
        co_await pass();
        sweeps.push_back(clock_.now());
        if (reports.empty()) co_return SweepReport{};
        const auto report = reports.front();
        reports.erase(reports.begin());
        co_return report;
    }

  private:
    Async<void> pass() {
        co_await clock_.sleep(Duration(1));
        if (outages > 0) {
            --outages;
            throw Unavailable("the store is down");
        }
        if (odd_failures > 0) {
            --odd_failures;
            throw std::length_error("a row is too long");
        }
    }

    Clock& clock_;
    std::int64_t next_ = 1;
};

/// Runs one loop of the upkeep on virtual time, and ends it with the test.
class UpkeepTest : public testing::Test {
  protected:
    ~UpkeepTest() override {
        kill_.emit(boost::asio::cancellation_type::all);
        clock.drain();
    }
    void spawn(Async<void> work) {
        boost::asio::co_spawn(
            loop, std::move(work),
            boost::asio::bind_cancellation_slot(kill_.slot(), [this](std::exception_ptr e) {
                ended = true;
                error = e;
            }));
        clock.drain();
    }
    void advance(std::int64_t ms) { clock.advance(Duration(ms)); }

    boost::asio::io_context loop;
    VirtualClock clock{loop};
    SeededRandom random{1};
    FakeUpkeep store{clock};
    bool ended = false;
    std::exception_ptr error;

  private:
    boost::asio::cancellation_signal kill_;
};

}  // namespace mlbilling::test
