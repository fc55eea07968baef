#include <boost/asio/io_context.hpp>
#include <iostream>

#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/system_clock/system_clock.hpp"
#include "main/commands.hpp"

namespace mlbilling {

int run_migrate(const Config& config) {
    boost::asio::io_context loop(1);
    const SystemClock clock(loop.get_executor());
    const auto applied = sqlite::migrate(config.database_path, clock.now());
    for (const auto& name : applied) std::cout << "applied " << name << '\n';
    if (applied.empty()) std::cout << "the schema is the newest; nothing to do\n";
    return 0;
}

}  // namespace mlbilling
