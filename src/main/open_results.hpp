#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "main/config.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"
#include "ports/results.hpp"

namespace mlbilling {

/// The result store that RESULT_STORE_URL names. Throws when a directory cannot be made.
std::unique_ptr<ResultStore> open_results(const Config& config, boost::asio::any_io_executor loop,
                                          Clock& clock, Random& random);

}  // namespace mlbilling
