#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "simulation/broker.hpp"

namespace mlbilling::simulation {

/// A program of somebody else that asks the workers for tasks (queue-messages.md): for users of the
/// bot, under names that the bot uses as well, and sometimes again what it asked before.
class Producer {
  public:
    struct Asked {
        TelegramId user;
        std::string name;
        std::string text;
    };

    Producer(World& world, BrokerServer& broker) : world_(world), broker_(broker) {}

    void ask(TelegramId user, std::string name);
    void read_replies();

    const std::vector<Asked>& asked() const { return asked_; }
    /// What was wrong with the replies.
    const std::vector<std::string>& complaints() const { return complaints_; }

  private:
    void publish(const Asked& asked);

    World& world_;
    BrokerServer& broker_;
    std::vector<Asked> asked_;
    std::set<std::string> correlations_;
    std::vector<std::string> complaints_;
};

}  // namespace mlbilling::simulation
