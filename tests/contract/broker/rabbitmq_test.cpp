#include "adapters/rabbitmq/rabbitmq_broker.hpp"
#include "broker_contract.hpp"
#include "support/cutting_proxy.hpp"
#include "support/rabbitmq_server.hpp"
#include "support/run.hpp"
#include "support/seeded_random.hpp"

namespace mlbilling::test {
namespace {

using rabbitmq::Address;
using rabbitmq::BrokerOptions;
using rabbitmq::RabbitmqBroker;

/// One node for the whole program.
RabbitmqServer& server() {
    static RabbitmqServer server;
    return server;
}

BrokerOptions small() {
    BrokerOptions options;
    options.task_capacity = 20;
    options.task_prefetch = 4;
    options.depth_when_full = options.depth_when_empty = Duration(0);
    options.topology.delivery_limit = 3;
    return options;
}

class RabbitmqHarness final : public BrokerHarness {
  public:
    boost::asio::io_context& loop() override { return loop_; }
    Broker& broker() override { return *broker_; }
    // An answer on the same connection comes after all that was asked before it.
    void settle() override { (void)run(loop_, broker_->room()); }
    void break_connections() override {
        settle();
        const int before = proxy_.accepted();
        proxy_.cut();
        loop_.restart();
        while (proxy_.accepted() < before + 2) loop_.run_one();
        const auto version = run(loop_, broker_->check());
        EXPECT_TRUE(version.ok());
    }
    int task_capacity() const override { return small().task_capacity; }
    int most_redeliveries() const override { return small().topology.delivery_limit; }

  private:
    Address address() {
        Address address;
        address.host = "127.0.0.1";
        address.port = proxy_.port();
        address.virtual_host = server().new_virtual_host();
        return address;
    }

    boost::asio::io_context loop_;
    CuttingProxy proxy_{loop_, server().port()};
    SeededRandom random_{1};
    std::unique_ptr<RabbitmqBroker> broker_ = std::make_unique<RabbitmqBroker>(
        loop_.get_executor(), std::vector{address()}, small(), random_);
};

INSTANTIATE_TEST_SUITE_P(Rabbitmq, BrokerContract,
                         testing::Values(BrokerMaker{
                             "Rabbitmq", [] { return std::make_unique<RabbitmqHarness>(); }}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace mlbilling::test
