#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulation/store_layer.hpp"

namespace mlbilling::simulation {

/// Omissions that the protocol must not survive (reliability.md 4.4): each takes one safeguard away
/// from the real code, by standing between it and its ports, and the auditor must notice.
enum class Mutant {
    none,
    no_fence,          ///< whoever settles is taken for the holder of the newest lease
    no_inbox_key,      ///< a repeated update counts as a new one
    confirmed_first,   ///< updates are confirmed before their effects are committed
    mark_then_send,    ///< an answer is marked as sent before it is sent
    send_uncapped,     ///< ambiguous ends of a delivery are not counted
    no_sweeper,        ///< nobody looks for what was left behind
    no_unique_charge,  ///< a task that has ended may be charged again
    refused_unpaid,    ///< what a chat refuses for good is not paid back
    names_swallow      ///< a name that any task has is a duplicate, whoever asks
};

std::string_view to_string(Mutant mutant);
std::optional<Mutant> parse_mutant(std::string_view name);
const std::vector<Mutant>& all_mutants();

/// The store with the mutant's safeguard taken out of it. `raw` runs statements on the database
/// behind the store's back.
std::unique_ptr<StoreLayer> mutated(Mutant mutant, Store& store,
                                    std::function<void(const std::string&)> raw);

}  // namespace mlbilling::simulation
