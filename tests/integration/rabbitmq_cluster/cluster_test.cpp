#include <gtest/gtest.h>

#include <vector>

#include "adapters/rabbitmq/rabbitmq_broker.hpp"
#include "support/rabbitmq_cluster.hpp"
#include "support/run.hpp"
#include "support/seeded_random.hpp"
#include "traffic.hpp"

namespace mlbilling::test {
namespace {

/// Makes both connections begin with the first address; then as random as any.
class FirstAddressFirst final : public Random {
  public:
    std::uint64_t next() override { return asked_++ < 2 ? 0 : random_.next(); }

  private:
    int asked_ = 0;
    SeededRandom random_{1};
};

class RabbitmqClusterTest : public testing::Test {
  protected:
    std::vector<rabbitmq::Address> addresses() {
        std::vector<rabbitmq::Address> all;
        for (const auto& node : cluster.nodes()) {
            rabbitmq::Address address;
            address.host = "127.0.0.1";
            address.port = node.port();
            all.push_back(address);
        }
        return all;
    }
    /// How many nodes have the tasks.
    int members() {
        const auto said = cluster.nodes()[1].control({"-q", "list_queues", "name", "members"});
        int count = 0;
        for (const auto& node : cluster.nodes())
            count += said.find(node.name()) != std::string::npos ? 1 : 0;
        return count;
    }

    RabbitmqCluster cluster;
    boost::asio::io_context loop;
    FirstAddressFirst random;
    rabbitmq::RabbitmqBroker broker{loop.get_executor(), addresses(), {}, random};
};

TEST_F(RabbitmqClusterTest, WhenTheNodeInUseDiesAnotherGoesOnAndNothingConfirmedIsLost) {
    constexpr std::size_t some = 300;
    ASSERT_TRUE(run(loop, broker.check()).ok());
    // Made over the first node, which therefore leads it too.
    ASSERT_EQ(members(), 3);
    Traffic traffic(loop, broker);
    traffic.start();
    traffic.run_until([&] { return traffic.confirmed().size() >= some; });

    cluster.nodes()[0].kill();
    const auto begun = traffic.begun();
    traffic.run_until([&] { return broker.problem().has_value(); });
    traffic.run_until([&] { return traffic.confirmed_since(begun) >= some; });

    traffic.stop_publishing();
    traffic.run_until([&] { return traffic.is_all_received(); });
    EXPECT_FALSE(broker.problem());
}

}  // namespace
}  // namespace mlbilling::test
