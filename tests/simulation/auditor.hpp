#pragma once

#include <string>
#include <vector>

#include "ports/store/store.hpp"
#include "simulation/script.hpp"

namespace mlbilling::simulation {

/// Judges a run after it has calmed down, from what users did and saw and from the books, by rules
/// of its own: it shares no formula and no state with the service. Empty: the run was good.
class Auditor {
  public:
    Auditor(const Script& script, const TelegramServer& telegram, const Producer& producer,
            Store& store)
        : script_(script), telegram_(telegram), producer_(producer), store_(store) {}

    std::vector<std::string> complaints();

  private:
    void audit_books();
    void audit_user(TelegramId user);
    /// What the act cost by the books, by the auditor's own price.
    void audit_cost(const Act& act, const TaskStory& story);
    void audit_charge(const TaskStory& story, std::int64_t charged);
    /// Whether the user's chat takes no such result, and the service has given it up.
    bool was_paid_back(const Act& act);
    bool was_refused(const TaskStory& story) const;
    void audit_answers(const Act& act);
    /// What another producer asked for became one task at most, of the user that it named.
    void audit_producer();
    std::string what_the_service_says(const Act& act);
    void complain(const Act& act, const std::string& what);

    const Script& script_;
    const TelegramServer& telegram_;
    const Producer& producer_;
    Store& store_;
    std::vector<DeliveryRecord> given_up_;
    std::vector<std::string> complaints_;
};

}  // namespace mlbilling::simulation
