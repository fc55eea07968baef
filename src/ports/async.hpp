#pragma once

#include <boost/asio/awaitable.hpp>

namespace mlbilling {

/// What every port call returns: a coroutine on the process's one event loop. Arguments go by
/// value. A cancelled call throws boost::system::system_error(operation_aborted).
template <class T>
using Async = boost::asio::awaitable<T>;

}  // namespace mlbilling
