#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <iostream>
#include <optional>
#include <stdexcept>

#include "adapters/postgres/target.hpp"
#include "adapters/system_clock/system_clock.hpp"
#include "main/addresses.hpp"
#include "main/commands.hpp"
#include "main/copy_store.hpp"
#include "main/report.hpp"
#include "main/run_to_end.hpp"

namespace mlbilling {
namespace {

std::string file_of(const std::string& url) {
    auto path = parse_sqlite_url(url);
    if (!path) throw std::runtime_error("--from " + path.error().message);
    if (!std::filesystem::is_regular_file(*path))
        throw std::runtime_error("--from: there is no file " + *path);
    return *std::move(path);
}

postgres::Options target_of(const std::string& url) {
    const bool postgres = url.starts_with("postgresql://") || url.starts_with("postgres://");
    const auto target = postgres::parse_target(url);
    if (!postgres || !target)
        throw std::runtime_error("--to is not postgresql://user:password@host:port/name" +
                                 (target ? std::string() : ": " + target.error().message));
    postgres::Options options;
    options.url = url;
    return options;
}

Async<std::optional<Result<CopyReport>>> copied(std::string file, postgres::Options target,
                                                boost::asio::any_io_executor loop,
                                                const Clock* clock) {
    co_return co_await copy_sqlite_to_postgres(std::move(file), std::move(target), std::move(loop),
                                               clock);
}

}  // namespace

int run_copy(const AdminRequest& request) {
    boost::asio::io_context loop(1);
    const SystemClock clock(loop.get_executor());
    const auto outcome = run_to_end(loop, copied(file_of(request.from), target_of(request.to),
                                                 loop.get_executor(), &clock))
                             .value();
    if (!outcome) throw std::runtime_error("nothing was copied: " + outcome.error().message);
    Report report({"table", "rows"});
    for (const auto& table : outcome->tables) report.add(std::string(table.name), table.rows);
    report.print(std::cout, request.json);
    if (!request.json)
        std::cout << "Both books hold the same rows, and the ledger is in order on both sides.\n";
    return 0;
}

}  // namespace mlbilling
