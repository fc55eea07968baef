#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "ports/clock.hpp"
#include "ports/event.hpp"
#include "ports/store/work.hpp"
#include "worker/attempt.hpp"

namespace mlbilling {

/// How often a lease is extended, and how far.
struct LeaseTerms {
    Duration lease;
    Duration heartbeat;
};

/// Extends an attempt's lease at every heartbeat until the end of this object's life. Most work is
/// done before the first of them, and costs an alarm.
class KeptLease {
  public:
    /// The ports outlive the loop.
    KeptLease(boost::asio::any_io_executor loop, WorkStore& store, Clock& clock, LeaseTerms terms,
              std::shared_ptr<Attempt> attempt);
    ~KeptLease() { over_.set(); }
    KeptLease(const KeptLease&) = delete;
    KeptLease& operator=(const KeptLease&) = delete;

    /// Set when the lease is lost: another has it, or the store was down for as long as it lasts.
    Event lost() const { return lost_; }

  private:
    Event over_;
    Event lost_;
    std::unique_ptr<Alarm> first_;
};

}  // namespace mlbilling
