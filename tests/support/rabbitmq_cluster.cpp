#include "support/rabbitmq_cluster.hpp"

namespace mlbilling::test {

// The second and the third join the first as they start, at the same time: a node by itself that is
// told to join later would have to be started twice.
RabbitmqCluster::RabbitmqCluster() {
    auto& [first, second, third] = nodes_;
    first.start();
    for (auto* node : {&second, &third}) {
        node->configure(
            "cluster_formation.peer_discovery_backend = classic_config\n"
            "cluster_formation.classic_config.nodes.1 = " +
            first.name() +
            // RabbitMQ 4 waits for ever until it finds itself among them.
            "\ncluster_formation.classic_config.nodes.2 = " + node->name() + "\n");
        node->begin_start();
    }
    second.wait_until_started();
    third.wait_until_started();
}

}  // namespace mlbilling::test
