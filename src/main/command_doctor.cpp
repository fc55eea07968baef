#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <iostream>

#include "main/commands.hpp"
#include "main/doctor.hpp"

namespace mlbilling {

int run_doctor(const Config& config) {
    boost::asio::io_context loop(1);
    Doctor doctor(config, loop, std::cout);
    bool healthy = false;
    std::exception_ptr failure;
    boost::asio::co_spawn(loop, doctor.examine(), [&](std::exception_ptr error, bool good) {
        failure = error;
        healthy = good;
    });
    loop.run();
    if (failure) std::rethrow_exception(failure);
    return healthy ? 0 : 1;
}

}  // namespace mlbilling
