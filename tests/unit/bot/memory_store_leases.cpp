#include <utility>

#include "memory_store.hpp"

namespace mlbilling::test {

Async<bool> MemoryStore::hold_poll_lease(BotId, std::string holder, Duration lease) {
    while (leases_are_silent) co_await clock_.sleep(Duration(1'000));
    throw_if(failing_before_, "hold_poll_lease");
    const auto leader = poll_leader();
    if (!leader.empty() && leader != holder) co_return false;
    take_poll_lease(std::move(holder), lease);
    if (lease_answers_take > Duration(0)) co_await clock_.sleep(lease_answers_take);
    throw_if(failing_after_, "hold_poll_lease");
    co_return true;
}

Async<void> MemoryStore::release_poll_lease(BotId, std::string holder) {
    throw_if(failing_before_, "release_poll_lease");
    if (poll_lease_.holder == holder) poll_lease_ = {};
    co_return;
}

void MemoryStore::take_poll_lease(std::string holder, Duration lease) {
    poll_lease_ = {std::move(holder), clock_.now() + lease};
}

std::string MemoryStore::poll_leader() const {
    return clock_.now() < poll_lease_.until ? poll_lease_.holder : "";
}

}  // namespace mlbilling::test
