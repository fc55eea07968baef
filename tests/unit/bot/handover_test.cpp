#include <gmock/gmock.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "bot/leader_polling.hpp"
#include "bot_world.hpp"

namespace mlbilling::test {
namespace {

/// The store's inbox as far as order goes: the first commit of an update counts.
struct Inbox {
    std::vector<std::int64_t> committed;
};

/// One process's way to the inbox: slow, and it fails before or after the commit.
class SlowHandler final : public bot::UpdateHandler {
  public:
    SlowHandler(Clock& clock, Inbox& inbox, std::mt19937& dice)
        : clock_(clock), inbox_(inbox), dice_(dice) {}

    Async<void> handle(telegram::Update update) override {
        const auto slowness = dice_() % 8 == 0 ? 12'000U : 300U;
        co_await clock_.sleep(Duration(dice_() % slowness));
        if (dice_() % 6 == 0) throw Unavailable("scripted: down before");
        const auto id = update.id.value();
        if (std::ranges::find(inbox_.committed, id) == inbox_.committed.end())
            inbox_.committed.push_back(id);
        if (dice_() % 6 == 0) throw Unavailable("scripted: the answer is lost");
    }

  private:
    Clock& clock_;
    Inbox& inbox_;
    std::mt19937& dice_;
};

/// A process that polls when it leads, and nothing else.
struct PollingProcess {
    PollingProcess(const bot::Dependencies& outside, bot::BotOptions own, Inbox& inbox,
                   std::mt19937& dice)
        : options(std::move(own)),
          handler(outside.clock, inbox, dice),
          polling(outside, options, BotId(42), lanes, stop) {}

    bot::BotOptions options;
    SlowHandler handler;
    bot::UpdateLanes lanes{handler};
    Event stop;
    bot::LeaderPolling polling;
    boost::asio::cancellation_signal life;
    bool ended = false;
};

class HandoverTest : public BotWorld, public testing::WithParamInterface<unsigned> {
  protected:
    static constexpr int chats = 3;
    static constexpr std::size_t updates = 120;

    std::mt19937 dice{GetParam()};
    Inbox inbox;
    bot::Dependencies outside{store,  store, store, store,  telegram, broker,   results,
                              speech, codec, clock, random, metrics,  publisher};
    std::vector<std::unique_ptr<PollingProcess>> processes;

    void start_process() {
        auto own = options;
        own.process_name = "process " + std::to_string(processes.size());
        auto& process =
            *processes.emplace_back(std::make_unique<PollingProcess>(outside, own, inbox, dice));
        boost::asio::co_spawn(
            loop, process.polling.run(),
            boost::asio::bind_cancellation_slot(
                process.life.slot(), [&process](std::exception_ptr) { process.ended = true; }));
    }
    void disturb() {
        auto& process = *processes[dice() % processes.size()];
        switch (dice() % 5) {
            case 0: process.life.emit(boost::asio::cancellation_type::terminal); break;
            case 1: process.stop.set(); break;
            case 2: store.fail_next("hold_poll_lease", static_cast<int>(dice() % 12)); break;
            case 3: store.leases_are_silent = !store.leases_are_silent; break;
            default: break;
        }
        clock.drain();
        const auto alive =
            std::ranges::count_if(processes, [](const auto& one) { return !one->ended; });
        if (alive < 3) start_process();
    }
    void arrive_some(std::size_t* next) {
        for (auto i = dice() % 4; i > 0 && *next < updates; --i, ++*next) {
            const auto of_chat = static_cast<std::int64_t>(dice() % chats) + 1;
            telegram.push({UpdateId(static_cast<std::int64_t>(*next)), message("x", of_chat)});
            chat_of.push_back(of_chat);
        }
    }
    void end_all() {
        for (auto& process : processes) process->stop.set();
        pass(Duration(60'000));
        for (auto& process : processes) EXPECT_TRUE(process->ended);
    }

    std::vector<std::int64_t> chat_of;
};

TEST_P(HandoverTest, NoUpdateIsLostOrOvertakenInItsChatHoweverThePollingChangesHands) {
    for (int i = 0; i < 3; ++i) start_process();
    std::size_t next = 0;
    while (next < updates) {
        arrive_some(&next);
        disturb();
        pass(Duration(dice() % 3'000));
    }
    store.leases_are_silent = false;
    start_process();
    for (int i = 0; i < 500 && inbox.committed.size() < updates; ++i) pass(Duration(60'000));
    end_all();
    ASSERT_EQ(inbox.committed.size(), updates);
    for (std::int64_t chat_id = 1; chat_id <= chats; ++chat_id) {
        std::vector<std::int64_t> order;
        std::ranges::copy_if(inbox.committed, std::back_inserter(order), [&](auto id) {
            return chat_of[static_cast<std::size_t>(id)] == chat_id;
        });
        EXPECT_TRUE(std::ranges::is_sorted(order)) << "chat " << chat_id;
    }
    EXPECT_EQ(telegram.most_polls_at_once, 1);
}

INSTANTIATE_TEST_SUITE_P(Seeds, HandoverTest, testing::Range(1U, 13U));

}  // namespace
}  // namespace mlbilling::test
