#pragma once

#include "ports/quotas.hpp"
#include "ports/store/backups.hpp"
#include "ports/store/deliveries.hpp"
#include "ports/store/intake.hpp"
#include "ports/store/operator.hpp"
#include "ports/store/poll_lease.hpp"
#include "ports/store/upkeep.hpp"
#include "ports/store/work.hpp"

namespace mlbilling {

/// All sides of the one database; an adapter implements this, a user of it asks for the side it
/// needs.
class Store : public IntakeStore,
              public WorkStore,
              public DeliveryStore,
              public UpkeepStore,
              public PollLeaseStore,
              public Quotas,
              public OperatorStore,
              public BackupLog {};

}  // namespace mlbilling
