#include "main/copy_store.hpp"

#include <optional>
#include <utility>
#include <variant>

#include "adapters/postgres/database.hpp"
#include "adapters/postgres/documents.hpp"
#include "adapters/postgres/migrations.hpp"
#include "adapters/postgres/operations.hpp"
#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "main/copy_tables.hpp"

// What a step works with outlives it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling {
namespace {

constexpr std::size_t rows_at_a_time = 2'000;
/// The copy is one transaction, however long it takes.
constexpr Duration long_enough{24 * 3'600'000LL};

/// Some rows of one column.
using Cells =
    std::variant<std::vector<std::optional<std::int64_t>>, std::vector<std::optional<std::string>>,
                 std::vector<std::optional<Time>>>;

Cells no_cells(CopiedAs kind) {
    switch (kind) {
        case CopiedAs::number: return std::vector<std::optional<std::int64_t>>();
        case CopiedAs::moment: return std::vector<std::optional<Time>>();
        case CopiedAs::text:
        case CopiedAs::document: return std::vector<std::optional<std::string>>();
    }
    CHECK(false);
    return {};
}

void read_cell(sqlite::Query& row, CopiedAs kind, Cells& cells) {
    std::visit(
        [&](auto& values) {
            using Value = typename std::remove_cvref_t<decltype(values)>::value_type;
            values.push_back(row.read<Value>());
        },
        cells);
    if (kind != CopiedAs::document) return;
    auto& document = std::get<std::vector<std::optional<std::string>>>(cells).back();
    if (document) document = postgres::column_of(*std::move(document));
}

/// Some rows as arrays, one for each column.
struct Rows {
    std::vector<Cells> columns;
    std::size_t count = 0;
};

/// The next rows; fewer than rows_at_a_time when they are the last.
Rows read_rows(sqlite::Query& row, const CopiedTable& table) {
    Rows rows;
    for (const auto kind : table.columns) rows.columns.push_back(no_cells(kind));
    for (; rows.count < rows_at_a_time && row.next(); ++rows.count)
        for (std::size_t i = 0; i < rows.columns.size(); ++i)
            read_cell(row, table.columns[i], rows.columns[i]);
    return rows;
}

postgres::Parameters parameters_of(const Rows& rows) {
    postgres::Parameters parameters;
    for (const auto& cells : rows.columns)
        std::visit(
            [&](const auto& values) {
                parameters.add_array(values, [](const auto& value) { return value; });
            },
            cells);
    return parameters;
}

Async<std::int64_t> count(postgres::Session& session, postgres::Sql query) {
    auto row = co_await session.query(query);
    CHECK(row.next());
    co_return row.read<std::int64_t>();
}

std::int64_t count(sqlite::Connection& source, sqlite::Sql query) {
    auto row = source.query(query);
    CHECK(row.next());
    return row.read<std::int64_t>();
}

std::string in_words(const std::vector<Violation>& violations) {
    auto words = violations.front().invariant + ": " + violations.front().subject;
    if (violations.size() > 1) words += ", and " + std::to_string(violations.size() - 1) + " more";
    return words;
}

/// The first table of the target that holds something of its own; prices it has from the start.
Async<std::optional<std::string_view>> find_used_table(postgres::Session& session) {
    for (const auto& table : copied_tables()) {
        const auto rows = co_await count(session, table.count_target);
        const bool is_new = table.name == "prices" ? rows == 2 : rows == 0;
        if (!is_new) co_return table.name;
    }
    co_return std::nullopt;
}

Async<void> copy_table(sqlite::Connection& source, postgres::Session& session,
                       const CopiedTable& table) {
    auto row = source.query(table.source);
    for (bool last = false; !last;) {
        const auto rows = read_rows(row, table);
        // A query that has come to its end begins anew when it is asked again.
        last = rows.count < rows_at_a_time;
        if (rows.count > 0) co_await session.query_with(table.target, parameters_of(rows));
    }
}

/// What PostgreSQL keeps besides: who runs, and where its own numbers go on.
void complete_target(postgres::Session& session) {
    session.send("INSERT INTO leases SELECT id FROM tasks WHERE status = 'processing'");
    session.send("SELECT setval(pg_get_serial_sequence('users', 'id'), max(id)) FROM users");
    session.send("SELECT setval(pg_get_serial_sequence('prices', 'id'), max(id)) FROM prices");
    session.send(
        "SELECT setval(pg_get_serial_sequence('tasks', 'number'), max(number)) FROM tasks");
    session.send(
        "SELECT setval(pg_get_serial_sequence('transactions', 'id'), max(id)) FROM transactions");
    session.send("SELECT setval(pg_get_serial_sequence('audit', 'id'), max(id)) FROM audit");
    session.send(
        "SELECT setval(pg_get_serial_sequence('deliveries', 'id'), max(id)) FROM deliveries");
}

/// Ids of messages under way and of buttons are never used twice, also those of rows that are gone.
void continue_ids(sqlite::Connection& source, postgres::Session& session) {
    auto row = source.query("SELECT name, seq FROM sqlite_sequence");
    while (row.next()) {
        const auto table = row.read<std::string>();
        session.send("SELECT setval(pg_get_serial_sequence($1, 'id'), $2)", table,
                     row.read<std::int64_t>());
    }
}

/// Thrown to take back all that the transaction has written.
struct NotCopied {
    Problem problem;
};

Async<CopyReport> prove(sqlite::Connection& source, postgres::Session& session) {
    CopyReport report;
    for (const auto& table : copied_tables()) {
        const auto sent = count(source, table.count_source);
        const auto arrived = co_await count(session, table.count_target);
        if (sent != arrived)
            throw NotCopied{{"of " + std::string(table.name) + ", " + std::to_string(sent) +
                             " rows were sent and " + std::to_string(arrived) + " arrived"}};
        report.tables.push_back({table.name, arrived});
    }
    const auto violations = co_await postgres::verify(session);
    if (!violations.empty())
        throw NotCopied{{"the copy breaks an invariant: " + in_words(violations)}};
    co_return report;
}

Async<CopyReport> copy_all(sqlite::Connection& source, postgres::Session& session) {
    if (const auto used = co_await find_used_table(session))
        throw NotCopied{{"the target is not empty: it has rows in " + std::string(*used)}};
    for (const auto& table : copied_tables()) co_await copy_table(source, session, table);
    complete_target(session);
    continue_ids(source, session);
    co_return co_await prove(source, session);
}

/// Runs the copy; the problem with which it was taken back.
Async<Result<CopyReport>> copy_within(sqlite::Connection& source, postgres::Database& target) {
    try {
        co_return co_await target.transact(
            postgres::Access::write,
            [&source](postgres::Session& session) { return copy_all(source, session); });
    } catch (const NotCopied& not_copied) {
        co_return not_copied.problem;
    }
}

}  // namespace

Async<Result<CopyReport>> copy_sqlite_to_postgres(std::string path, postgres::Options target,
                                                  boost::asio::any_io_executor loop,
                                                  const Clock* clock) {
    {
        sqlite::SqliteStore store({.path = path, .inline_execution = true}, loop, *clock);
        const auto violations = co_await store.verify();
        if (!violations.empty())
            co_return Problem{"the source breaks an invariant: " + in_words(violations)};
    }
    co_await postgres::migrate(target, loop);
    sqlite::Connection source(path, sqlite::Connection::Mode::read_write, true);
    // The lock for writing: nothing changes between the first table and the last.
    source.run("BEGIN IMMEDIATE");
    target.connections = 1;
    target.statement_timeout = long_enough;
    target.idle_in_transaction_timeout = long_enough;
    postgres::Database database(target, loop, nullptr);
    auto outcome = co_await copy_within(source, database);
    source.run("ROLLBACK");
    co_return outcome;
}

}  // namespace mlbilling
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
