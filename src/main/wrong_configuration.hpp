#pragma once

#include <stdexcept>

namespace mlbilling {

/// A variable whose value is well-formed and wrong all the same, as only the outside could say. It
/// stops the start like one that cannot be read, with one line that names it.
class WrongConfiguration : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace mlbilling
