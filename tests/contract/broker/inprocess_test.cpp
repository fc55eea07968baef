#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "adapters/inprocess/broker.hpp"
#include "broker_contract.hpp"
#include "support/run.hpp"

namespace mlbilling::test {
namespace {

using inprocess::BrokerOptions;
using inprocess::InProcessBroker;

constexpr BrokerOptions small{.task_capacity = 20, .other_capacity = 3, .most_redeliveries = 3};

class InProcessHarness final : public BrokerHarness {
  public:
    boost::asio::io_context& loop() override { return loop_; }
    Broker& broker() override { return broker_; }
    void settle() override {
        loop_.restart();
        loop_.poll();
    }
    void break_connections() override { broker_.return_unacknowledged(); }
    int task_capacity() const override { return static_cast<int>(small.task_capacity); }
    int most_redeliveries() const override { return small.most_redeliveries; }

  private:
    boost::asio::io_context loop_;
    InProcessBroker broker_{small};
};

INSTANTIATE_TEST_SUITE_P(InProcess, BrokerContract,
                         testing::Values(BrokerMaker{
                             "InProcess", [] { return std::make_unique<InProcessHarness>(); }}),
                         [](const auto& info) { return info.param.name; });

TEST(InProcessBroker, ABrokerMayEndBeforeItsReceivers) {
    boost::asio::io_context loop;
    {
        InProcessBroker broker;
        boost::asio::co_spawn(loop, broker.receive(task_queue()), boost::asio::detached);
        loop.poll();
    }
    // The coroutine is destroyed with the loop; AddressSanitizer watches.
}

TEST(InProcessBroker, AMessageOnItsWayToADestroyedReceiverGoesBack) {
    InProcessBroker broker;
    {
        boost::asio::io_context loop;
        boost::asio::co_spawn(loop, broker.receive(task_queue()), boost::asio::detached);
        loop.poll();
        boost::asio::io_context other;
        run(other, broker.publish(task_queue(), Message{}));
        EXPECT_EQ(broker.depth(task_queue()), 0U);
    }
    EXPECT_EQ(broker.depth(task_queue()), 1U);
    EXPECT_EQ(broker.unacknowledged(), 0U);
}

TEST(InProcessBroker, AReturnedMessageComesAgainBeforeLaterOnes) {
    boost::asio::io_context loop;
    InProcessBroker broker;
    for (const auto* body : {"first", "second"}) {
        Message message;
        message.body = body;
        run(loop, broker.publish(task_queue(), std::move(message)));
    }
    const auto first = run(loop, broker.receive(task_queue()));
    run(loop, broker.return_to_queue(first.receipt));
    EXPECT_EQ(run(loop, broker.receive(task_queue())).message.body, "first");
    EXPECT_EQ(run(loop, broker.receive(task_queue())).message.body, "second");
}

TEST(InProcessBroker, DeadLettersAreBoundedAndKeepTheNewest) {
    boost::asio::io_context loop;
    InProcessBroker broker(small);
    for (int i = 0; i < 5; ++i) {
        Message message;
        message.body = std::to_string(i);
        run(loop, broker.publish(task_queue(), std::move(message)));
        const auto received = run(loop, broker.receive(task_queue()));
        run(loop, broker.reject(received.receipt, "bad"));
    }
    EXPECT_EQ(broker.depth(dead_letter_queue()), 3U);
    EXPECT_EQ(run(loop, broker.receive(dead_letter_queue())).message.body, "2");
}

}  // namespace
}  // namespace mlbilling::test
