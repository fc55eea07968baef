#pragma once

#include <stdexcept>
#include <string>

namespace mlbilling {

/// An outside thing (database, broker, disk) is down. Thrown by adapters, caught in exactly one
/// place per loop, which waits and tries again. The text never holds a secret.
class Unavailable : public std::runtime_error {
  public:
    explicit Unavailable(const std::string& what) : std::runtime_error(what) {}
};

}  // namespace mlbilling
