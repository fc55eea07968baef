#pragma once

#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "ports/async.hpp"

namespace mlbilling {

/// Where result audio lies until it is delivered and for a while after. What a machine's crash
/// takes from it is noticed by its length and paid back. Throws Unavailable.
class ResultStore {
  public:
    virtual ~ResultStore() = default;

    /// Writes the whole blob or nothing; the same key again replaces it.
    virtual Async<void> put(ResultKey key, std::string bytes) = 0;
    /// Nothing when there is no such blob (any more).
    virtual Async<std::optional<std::string>> get(ResultKey key) = 0;
    virtual Async<void> remove(ResultKey key) = 0;
    /// Removes blobs written before the moment; says how many.
    virtual Async<int> remove_older_than(Time moment) = 0;
};

}  // namespace mlbilling
