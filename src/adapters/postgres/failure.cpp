#include "adapters/postgres/failure.hpp"

#include <algorithm>
#include <array>

namespace mlbilling::postgres {
namespace {

// Serialization failure, deadlock, and a row that another transaction has inserted between our look
// and our insert: the next attempt finds it.
constexpr std::array<std::string_view, 3> lost_races{"40001", "40P01", "23505"};
// Server going down or starting, read-only after a failover, and a prepared statement that a
// migration made useless.
constexpr std::array<std::string_view, 7> useless_connections{"57P01", "57P02", "57P03", "57P04",
                                                              "57P05", "25006", "0A000"};
// Classes of appendix A: connection exception, insufficient resources, operator intervention
// (timeouts), lock not available, system error, internal error, refused sign-in.
constexpr std::array<std::string_view, 7> passing{"08", "53", "57", "55", "58", "XX", "28"};

template <class Names>
bool contains(const Names& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

}  // namespace

Remedy remedy_for(std::string_view sqlstate) {
    if (contains(lost_races, sqlstate)) return Remedy::retry;
    if (contains(useless_connections, sqlstate)) return Remedy::reconnect;
    if (contains(passing, sqlstate.substr(0, 2))) return Remedy::wait;
    return Remedy::none;
}

}  // namespace mlbilling::postgres
