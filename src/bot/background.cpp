#include "bot/background.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "ports/cancellation.hpp"

namespace mlbilling::bot {

namespace asio = boost::asio;

void Background::start(const char* name, Async<void> work) {
    auto entry = std::make_shared<Entry>();
    const auto place = running_.insert(running_.end(), entry);
    // The handler keeps the entry, so that a signal outlives its own emission.
    asio::co_spawn(executor_, std::move(work),
                   asio::bind_cancellation_slot(
                       entry->signal.slot(), [this, name, place, entry](std::exception_ptr error) {
                           ended(name, place, std::move(error));
                       }));
}

void Background::ended(const char* name, Place place, std::exception_ptr error) {
    running_.erase(place);
    one_ended_.set();
    if (!error) return;
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& failure) {
        if (!is_cancellation(failure))
            log::error("background work failed", {{"work", name}, {"error", failure.what()}});
    }
}

Async<void> Background::drained() {
    while (!running_.empty()) {
        one_ended_.reset();
        co_await one_ended_.wait();
    }
}

void Background::cancel() {
    const std::vector<std::shared_ptr<Entry>> entries(running_.begin(), running_.end());
    for (const auto& entry : entries) entry->signal.emit(asio::cancellation_type::terminal);
}

}  // namespace mlbilling::bot
