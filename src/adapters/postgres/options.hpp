#pragma once

#include <string>

#include "base/time.hpp"

namespace mlbilling::postgres {

struct Options {
    /// As parse_target reads it.
    std::string url;
    /// A read replica for reports that read much, in the same form; empty: none. Never asked about
    /// money: what it says may be a moment old. When it does not answer, the first is asked.
    std::string replica_url;
    /// Sessions with the server at most; they are opened when they are needed.
    int connections = 8;
    /// How long an operation is tried before it is Unavailable, waiting for a connection included.
    Duration patience{10'000};
    /// What the server cuts off: a statement; a statement of a report; waiting for a row that
    /// another holds; a transaction whose client says nothing more.
    Duration statement_timeout{5'000};
    Duration report_timeout{60'000};
    Duration lock_timeout{2'000};
    Duration idle_in_transaction_timeout{10'000};
    /// How much longer than the server's own limits its answer is waited for.
    Duration grace{5'000};
    /// A connection that nobody has used for this long is closed.
    Duration idle_timeout{300'000};
};

}  // namespace mlbilling::postgres
