// The adapters that must keep the contract, one line each.
#include "adapters/postgres/postgres_store.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "store_contract.hpp"
#include "support/migrated_postgres.hpp"
#include "support/temporary_directory.hpp"

namespace mlbilling::test {
namespace {

OpenStore sqlite_inline(boost::asio::any_io_executor loop, const Clock& clock) {
    return {nullptr,
            std::make_unique<sqlite::SqliteStore>(
                sqlite::Options{.path = ":memory:", .inline_execution = true}, loop, clock)};
}

OpenStore sqlite_on_a_thread(boost::asio::any_io_executor loop, const Clock& clock) {
    auto directory = std::make_shared<TemporaryDirectory>();
    const auto path = (directory->path() / "store.db").string();
    return {directory,
            std::make_unique<sqlite::SqliteStore>(sqlite::Options{.path = path}, loop, clock)};
}

OpenStore postgres(boost::asio::any_io_executor loop, const Clock& clock) {
    auto database =
        std::make_shared<PostgresDatabase>(PostgresServer::shared(), migrated_database());
    postgres::Options options;
    options.url = database->url();
    return {database, std::make_unique<postgres::PostgresStore>(options, loop, &clock)};
}

INSTANTIATE_TEST_SUITE_P(Adapters, StoreContract,
                         testing::Values(StoreFactory{"SqliteInline", sqlite_inline},
                                         StoreFactory{"SqliteOnAThread", sqlite_on_a_thread},
                                         StoreFactory{"Postgres", postgres}),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace mlbilling::test
