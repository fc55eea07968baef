#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "standin/endpoint.hpp"

namespace mlbilling::standin {

/// Something that shall go wrong.
struct Fault {
    enum class Kind {
        unauthenticated,  ///< 401; the call has no effect
        forbidden,        ///< 403; no effect
        too_many,         ///< 429, with Retry-After when `retry_after` says so; no effect
        internal,         ///< 500; no effect
        unavailable,      ///< 503; no effect
        gateway_timeout,  ///< 504; no effect
        slow,             ///< has its effect; the answer comes after `delay`
        slow_body,        ///< has its effect; the answer stops in the middle for `delay`
        truncated,        ///< has its effect; the connection is cut in the middle of the answer
        error_line,       ///< has its effect; half of a stream, then an error line
        silence,          ///< speaks silence, hears nothing
        empty,            ///< 200 and not a byte
        dropped,          ///< the connection is cut; no effect
        dropped_after,    ///< has its effect; the connection is cut before the answer
        failed_operation  ///< an asynchronous recognition that begins here ends with an error
    };
    /// Nothing: any endpoint.
    std::optional<Endpoint> endpoint;
    Kind kind = Kind::internal;
    /// Calls that it still strikes; with a rate as many as the rate says, without end.
    int count = 1;
    double rate = 0;
    int retry_after = 0;
    Duration delay{};

    /// Whether the call is carried out in spite of the fault.
    bool has_effect() const;
};

std::string_view name_of(Fault::Kind kind);
std::optional<Fault::Kind> fault_named(std::string_view name);

/// The faults that were asked for, oldest first.
class Faults {
  public:
    /// `seed` decides which calls a fault with a rate strikes.
    void add(const Fault& fault, std::uint64_t seed);
    /// The first fault that strikes the call.
    std::optional<Fault> strike(Endpoint endpoint);
    void clear() { faults_.clear(); }

  private:
    struct Loaded {
        Fault fault;
        std::mt19937_64 chance;
    };
    std::vector<Loaded> faults_;
};

}  // namespace mlbilling::standin
