#include "sandbox/wake.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace mlbilling::sandbox {

void Wake::raise() {
    raised_ = true;
    timer_.cancel();
}

Async<bool> Wake::wait() {
    boost::system::error_code error;
    if (!raised_) {
        co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, error));
    }
    if (!raised_) throw boost::system::system_error(boost::asio::error::operation_aborted);
    raised_ = false;
    co_return true;
}

ChatWatch::Watcher::Watcher(ChatWatch& watch, boost::asio::any_io_executor executor, std::int64_t chat)
    : watch_(watch), wake_(std::move(executor)), place_(watch.watchers_.emplace(chat, this)) {}

ChatWatch::Watcher::~Watcher() { watch_.watchers_.erase(place_); }

void ChatWatch::raise(std::int64_t chat) {
    const auto [first, last] = watchers_.equal_range(chat);
    for (auto watcher = first; watcher != last; ++watcher) watcher->second->wake_.raise();
}

void ChatWatch::raise_all() {
    for (const auto& [chat, watcher] : watchers_) watcher->wake_.raise();
}

}  // namespace mlbilling::sandbox
