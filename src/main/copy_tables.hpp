#pragma once

#include <array>
#include <span>
#include <string_view>

#include "adapters/postgres/sql.hpp"
#include "adapters/sqlite/statement.hpp"

namespace mlbilling {

/// How a column goes over: SQLite keeps moments as milliseconds, truth as 0 and 1, documents as
/// text.
enum class CopiedAs { number, text, moment, document };

/// One table's way from SQLite to PostgreSQL.
struct CopiedTable {
    std::string_view name;
    std::span<const CopiedAs> columns;
    /// Its rows, in the order of their keys.
    sqlite::Sql source;
    /// Writes the rows whose columns are the arrays $1, $2, …
    postgres::Sql target;
    sqlite::Sql count_source;
    postgres::Sql count_target;
};

/// Every table of the book, what is referred to before what refers to it. Left out are those that
/// are about the other database or its processes: its migrations, its backups, and who polls.
std::span<const CopiedTable> copied_tables();

}  // namespace mlbilling
