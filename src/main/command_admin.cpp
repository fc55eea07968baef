#include <boost/asio/io_context.hpp>
#include <iostream>

#include "adapters/system_clock/system_clock.hpp"
#include "adapters/system_clock/system_random.hpp"
#include "main/commands.hpp"
#include "main/open_store.hpp"
#include "main/run_to_end.hpp"

namespace mlbilling {

int run_admin(const Config& config, AdminRequest request) {
    if (request.action == AdminRequest::Action::backup) return run_backup(config, request);
    if (request.action == AdminRequest::Action::restore) return run_restore(config, request);
    if (request.action == AdminRequest::Action::copy) return run_copy(request);
    boost::asio::io_context loop(1);
    SystemClock clock(loop.get_executor());
    SystemRandom random;
    const auto store = open_store(config, Schema::check, loop, clock);
    Admin admin(*store, clock, "command-" + std::to_string(random.next()), std::cout, std::cerr);
    return run_to_end(loop, admin.run(std::move(request)));
}

}  // namespace mlbilling
