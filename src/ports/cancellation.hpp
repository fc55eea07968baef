#pragma once

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <exception>

namespace mlbilling {

/// Whether the exception only says that the coroutine was cancelled; it is passed on, never
/// handled.
inline bool is_cancellation(const std::exception& error) {
    const auto* system = dynamic_cast<const boost::system::system_error*>(&error);
    return system != nullptr && system->code() == boost::asio::error::operation_aborted;
}

}  // namespace mlbilling
