#pragma once

#include "base/descriptor.hpp"
#include "main/config.hpp"

namespace mlbilling {

/// That no other `serve` works on the same SQLite file: each would take the other's work for its
/// own of before. A lock on `FILE.serve`, which ends with the process, however it ends. Commands
/// such as admin and doctor need none.
class SoleService {
  public:
    /// Throws, with who it is, when another one runs.
    explicit SoleService(const DatabaseUrl& database);

  private:
    Descriptor lock_;
};

}  // namespace mlbilling
