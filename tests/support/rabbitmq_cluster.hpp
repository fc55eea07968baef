#pragma once

#include <array>
#include <cstddef>

#include "support/rabbitmq_node.hpp"

namespace mlbilling::test {

/// Three nodes of one broker; user guest, virtual host `/`.
class RabbitmqCluster {
  public:
    RabbitmqCluster();

    std::array<RabbitmqNode, 3>& nodes() { return nodes_; }

  private:
    ErlangNames names_;
    std::array<RabbitmqNode, 3> nodes_{RabbitmqNode(names_), RabbitmqNode(names_),
                                       RabbitmqNode(names_)};
};

}  // namespace mlbilling::test
