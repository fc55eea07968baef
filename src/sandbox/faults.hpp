#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace mlbilling::sandbox {

/// Something that shall go wrong with the next calls of the bot.
struct Fault {
    enum class Kind {
        too_many_requests,  ///< 429; the call has no effect
        forbidden,          ///< 403; no effect
        bad_request,        ///< 400; no effect
        internal_error,     ///< 500; no effect
        bad_gateway,        ///< 502 with a page of HTML, as a proxy in front answers; no effect
        timeout,            ///< no answer and no effect
        stall,              ///< has its effect, the answer comes after `delay`
        drop_before,        ///< the connection is cut; no effect
        drop_after,         ///< has its effect; the connection is cut before the answer
        truncate            ///< has its effect; the connection is cut in the middle of the answer
    };

    /// Method in lower case, `download` for files, or `*` for anything.
    std::string method;
    Kind kind = Kind::internal_error;
    /// Calls that it still strikes.
    int count = 1;
    /// Seconds, for too_many_requests.
    int retry_after = 1;
    /// Replaces the usual text of the error.
    std::string description;
    /// Time before anything is answered.
    Duration delay{};

    /// Whether the call is carried out in spite of the fault.
    bool has_effect() const {
        return kind == Kind::stall || kind == Kind::drop_after || kind == Kind::truncate;
    }
};

/// As in the control API, e.g. `502html`.
std::string_view name_of(Fault::Kind kind);
std::optional<Fault::Kind> fault_named(std::string_view name);

/// The faults that were asked for and have not struck yet, oldest first.
class Faults {
  public:
    /// A problem when a number is out of range or there are too many.
    Result<Fault> add(Fault fault);
    /// The oldest fault that fits the call; counted as one stroke.
    std::optional<Fault> strike(std::string_view lower_case_method);
    const std::vector<Fault>& all() const { return faults_; }
    void clear() { faults_.clear(); }

  private:
    std::vector<Fault> faults_;
};

}  // namespace mlbilling::sandbox
