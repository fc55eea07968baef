#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/system_clock/system_clock.hpp"
#include "adapters/system_clock/system_random.hpp"
#include "main/commands.hpp"

namespace mlbilling {

int run_admin(const Config& config, AdminRequest request) {
    if (request.action == AdminRequest::Action::backup) return run_backup(config, request);
    if (request.action == AdminRequest::Action::restore) return run_restore(config, request);
    // A mistyped path must not become a new, empty book.
    if (!std::filesystem::exists(config.database_path))
        throw std::runtime_error("no database at " + config.database_path +
                                 "; set DATABASE_URL, or start the service once");
    boost::asio::io_context loop(1);
    SystemClock clock(loop.get_executor());
    SystemRandom random;
    sqlite::SqliteStore store({.path = config.database_path, .inline_execution = true},
                              loop.get_executor(), clock);
    Admin admin(store, clock, "command-" + std::to_string(random.next()), std::cout, std::cerr);
    int exit_code = 1;
    std::exception_ptr failure;
    boost::asio::co_spawn(loop, admin.run(std::move(request)),
                          [&](std::exception_ptr error, int code) {
                              failure = error;
                              exit_code = code;
                          });
    loop.run();
    if (failure) std::rethrow_exception(failure);
    return exit_code;
}

}  // namespace mlbilling
