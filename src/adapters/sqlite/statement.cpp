#include "adapters/sqlite/statement.hpp"

#include <sqlite3.h>

#include "adapters/sqlite/failure.hpp"

namespace mlbilling::sqlite {

Statement::Statement(sqlite3* database, std::string_view sql) {
    const int code = sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
    if (code != SQLITE_OK) fail(database, code, sql);
    CHECK(handle_ != nullptr);
}

Statement::~Statement() { sqlite3_finalize(handle_); }

Query::Query(Statement& statement) : statement_(statement) {
    CHECK(!statement_.in_use);
    statement_.in_use = true;
}

Query::~Query() {
    // Its code repeats the failure that step has thrown already.
    sqlite3_reset(statement_.handle());
    sqlite3_clear_bindings(statement_.handle());
    statement_.in_use = false;
}

bool Query::next() {
    column_ = 0;
    const int code = sqlite3_step(statement_.handle());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    sqlite3* database = sqlite3_db_handle(statement_.handle());
    fail(database, sqlite3_extended_errcode(database), sqlite3_sql(statement_.handle()));
}

void Query::bind_integer(std::int64_t value) {
    CHECK(sqlite3_bind_int64(statement_.handle(), ++bound_, value) == SQLITE_OK);
}

void Query::bind_text(std::string_view value) {
    // A null pointer would mean NULL, not the empty text.
    const char* bytes = value.empty() ? "" : value.data();
    const int code = sqlite3_bind_text64(statement_.handle(), ++bound_, bytes, value.size(),
                                         SQLITE_TRANSIENT, SQLITE_UTF8);
    if (code != SQLITE_OK)
        fail(sqlite3_db_handle(statement_.handle()), code, sqlite3_sql(statement_.handle()));
}

void Query::bind_null() { CHECK(sqlite3_bind_null(statement_.handle(), ++bound_) == SQLITE_OK); }

bool Query::is_null(int column) const {
    return sqlite3_column_type(statement_.handle(), column) == SQLITE_NULL;
}

std::int64_t Query::integer(int column) const {
    CHECK(sqlite3_column_type(statement_.handle(), column) == SQLITE_INTEGER);
    return sqlite3_column_int64(statement_.handle(), column);
}

std::string_view Query::text(int column) const {
    CHECK(sqlite3_column_type(statement_.handle(), column) == SQLITE_TEXT);
    const auto* bytes = sqlite3_column_text(statement_.handle(), column);
    const auto size = sqlite3_column_bytes(statement_.handle(), column);
    return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

}  // namespace mlbilling::sqlite
