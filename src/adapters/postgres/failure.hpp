#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace mlbilling::postgres {

/// The connection is of no use any more: lost, silent for too long, or to a server that cannot
/// write. Whether a commit that was under way took effect is unknown.
class ConnectionLost : public std::runtime_error {
  public:
    explicit ConnectionLost(const std::string& what) : std::runtime_error(what) {}
};

/// The server refused a statement; the transaction changes nothing.
class StatementFailed : public std::runtime_error {
  public:
    StatementFailed(std::string_view sqlstate, const std::string& what)
        : std::runtime_error(what), sqlstate_(sqlstate) {}
    /// Five characters (PostgreSQL documentation, appendix A).
    const std::string& sqlstate() const { return sqlstate_; }

  private:
    std::string sqlstate_;
};

/// What to do about a refusal.
enum class Remedy {
    retry,      ///< the whole transaction again: it lost a race
    reconnect,  ///< the same on another connection: this server is going down or cannot write
    wait,       ///< the server has not what it takes just now, or took too long: again later
    none        ///< our own mistake: wrong SQL, a broken constraint
};
Remedy remedy_for(std::string_view sqlstate);

}  // namespace mlbilling::postgres
