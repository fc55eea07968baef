// What goes together in a batch, and what does not.
#include "adapters/postgres/batcher.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <deque>
#include <stdexcept>

namespace mlbilling::postgres {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class Batched : public testing::Test {
  public:
    using Doubler = Batcher<int, int>;

    static std::vector<std::string> key_of(const int& number) {
        return {std::to_string(number % 100)};
    }
    static std::vector<std::string> no_keys(const int&) { return {}; }

    Doubler doubler(BatchLimits limits, Doubler::Keys keys = no_keys,
                    Doubler::Order order = Doubler::Order::arrival) {
        return {loop.get_executor(), limits, order, keys,
                [this](const Doubler::Batch& batch) { return perform(batch); }};
    }
    Async<Doubler::Outcomes> perform(Doubler::Batch batch) {
        auto& numbers = batches.emplace_back();
        for (const auto* number : batch) numbers.push_back(*number);
        boost::asio::steady_timer disk(loop, latency);
        co_await disk.async_wait(boost::asio::use_awaitable);
        Doubler::Outcomes doubled;
        for (const auto* number : batch) doubled.emplace_back(*number * 2);
        co_return doubled;
    }
    static Async<Doubler::Outcomes> fail() {
        throw std::runtime_error("down");
        co_return Doubler::Outcomes();
    }
    void ask(Doubler& batcher, int number) {
        boost::asio::co_spawn(loop, batcher.run(number),
                              [this](std::exception_ptr error, int twice) {
                                  EXPECT_EQ(error, nullptr);
                                  outcomes.push_back(twice);
                              });
    }

    boost::asio::io_context loop;
    std::chrono::milliseconds latency{0};
    std::vector<std::vector<int>> batches;
    std::vector<int> outcomes;
};

TEST_F(Batched, WhatComesTogetherGoesTogether) {
    auto batcher = doubler({});
    for (const int number : {1, 2, 3}) ask(batcher, number);
    loop.run();
    EXPECT_THAT(batches, ElementsAre(ElementsAre(1, 2, 3)));
    EXPECT_THAT(outcomes, ElementsAre(2, 4, 6));
}

TEST_F(Batched, ABatchIsBounded) {
    auto batcher = doubler({.size = 2});
    for (const int number : {1, 2, 3, 4, 5}) ask(batcher, number);
    loop.run();
    EXPECT_THAT(batches, ElementsAre(ElementsAre(1, 2), ElementsAre(3, 4), ElementsAre(5)));
}

TEST_F(Batched, NoTwoOfABatchLockTheSame) {
    auto batcher = doubler({}, key_of, Doubler::Order::key);
    for (const int number : {7, 101, 107, 3}) ask(batcher, number);
    loop.run();
    EXPECT_THAT(batches, ElementsAre(ElementsAre(101, 3, 7), ElementsAre(107)));
    EXPECT_EQ(outcomes.size(), 4U);
}

TEST_F(Batched, UnderLoadWhatComesWithinTheGapGoesTogether) {
    // A disk that is done at once would see every operation alone.
    auto batcher = doubler({.gap = 50ms, .close = 20ms});
    for (int i = 0; i < 20; ++i) ask(batcher, i);
    std::deque<boost::asio::steady_timer> timers;
    for (int i = 20; i < 25; ++i)
        timers.emplace_back(loop, (i - 18) * 2ms).async_wait([&, i](auto) { ask(batcher, i); });
    loop.run();
    ASSERT_EQ(batches.size(), 2U);
    EXPECT_THAT(batches[1], ElementsAre(20, 21, 22, 23, 24));
    EXPECT_EQ(outcomes.size(), 25U);
}

TEST_F(Batched, AFailureBelongsToAllOfItsBatchAndToNoOther) {
    int calls = 0;
    Doubler batcher(
        loop.get_executor(), {.size = 2}, Doubler::Order::arrival, no_keys,
        [&](const Doubler::Batch& batch) { return ++calls == 1 ? fail() : perform(batch); });
    int failed = 0;
    for (const int number : {1, 2, 3})
        boost::asio::co_spawn(loop, batcher.run(number), [&](std::exception_ptr error, int) {
            if (error) ++failed;
        });
    loop.run();
    EXPECT_EQ(failed, 2);
    EXPECT_THAT(batches, ElementsAre(ElementsAre(3)));
}

}  // namespace
}  // namespace mlbilling::postgres
