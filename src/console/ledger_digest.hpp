#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "ports/store/operator.hpp"

namespace mlbilling {

/// What the ledger comes to up to a row, for keeping where nobody who can write to the database can
/// write: a row that is changed, removed or inserted at or before it later shows.
struct DigestLine {
    /// Of the row, in UTC: `2026-11-29`.
    std::string day;
    /// The id of the row.
    std::int64_t last = 0;
    /// Rows since the line before.
    std::int64_t rows = 0;
    /// Of the amounts of these rows.
    std::int64_t sum = 0;
    /// Of the amounts of all rows up to here.
    std::int64_t total = 0;
    /// SHA-256 in hex over all rows up to here, each chained to what was before it.
    std::string hash;

    friend bool operator==(const DigestLine&, const DigestLine&) = default;
};

/// A line for each day that has rows. Reads the whole ledger in pieces. Throws Unavailable.
Async<std::vector<DigestLine>> digest_of(std::reference_wrapper<OperatorStore> store);

/// Compares the ledger with lines that were kept. One sentence that names the rows between which
/// something was changed, removed or inserted, or nullopt when all is as it was. Throws
/// Unavailable.
Async<std::optional<std::string>> difference_from(std::reference_wrapper<OperatorStore> store,
                                                  std::vector<DigestLine> kept);

/// Reads what `admin ledger digest` printed, as a table or as JSON. The problem says what is wrong
/// with the text; a text without a line is one.
Result<std::vector<DigestLine>> parse_digest(std::string_view text);

}  // namespace mlbilling
