#include "main/appointments.hpp"

#include "base/log.hpp"
#include "base/unavailable.hpp"
#include "ports/cancellation.hpp"

namespace mlbilling {
namespace {

constexpr Duration pause{30'000};

}  // namespace

Async<void> Appointments::run() {
    while (!waiting_.empty() && !stop_.is_set()) {
        std::vector<TelegramId> unknown;
        for (const auto user : waiting_) {
            const bool appointed = co_await appoint(user);
            if (!appointed) unknown.push_back(user);
        }
        waiting_ = std::move(unknown);
        if (!waiting_.empty()) co_await stop_.wait_within(clock_, pause);
    }
}

Async<bool> Appointments::appoint(TelegramId user) {
    try {
        co_return co_await store_.set_role(user, Role::admin, "ADMIN_TELEGRAM_IDS");
    } catch (const Unavailable& error) {
        log::warning("an admin could not be appointed", {{"reason", error.what()}});
    } catch (const std::exception& error) {
        if (is_cancellation(error)) throw;
        log::error("appointing an admin failed", {{"reason", error.what()}});
    }
    co_return false;
}

}  // namespace mlbilling
