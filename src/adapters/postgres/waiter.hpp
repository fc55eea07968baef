#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

#include "ports/async.hpp"

namespace mlbilling::postgres {

/// A coroutine that waits until it is resumed, or cancelled. On the loop only.
class Waiter {
  public:
    /// Whether a coroutine waits.
    explicit operator bool() const { return resumption_ != nullptr; }

    /// Resumes it through the loop; nothing if none waits.
    void resume(const boost::asio::any_io_executor& loop) {
        if (const auto resumption = std::exchange(resumption_, nullptr)) resumption->post(loop);
    }

    /// Waits in the waiter that is part of the owner; also returns when it is cancelled.
    template <class Owner>
    static Async<void> wait(std::shared_ptr<Owner> owner, Waiter Owner::* member,
                            boost::asio::any_io_executor loop) {
        return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
            [](auto handler, std::shared_ptr<Owner> waiting, Waiter Owner::* waiter,
               boost::asio::any_io_executor executor) {
                auto slot = boost::asio::get_associated_cancellation_slot(handler);
                if (slot.is_connected())
                    slot.assign([weak = std::weak_ptr(waiting), waiter,
                                 executor](boost::asio::cancellation_type) {
                        if (const auto cancelled = weak.lock())
                            ((*cancelled).*waiter).resume(executor);
                    });
                ((*waiting).*waiter).resumption_ =
                    std::make_unique<HandlerResumption<decltype(handler)>>(std::move(handler));
            },
            boost::asio::use_awaitable, std::move(owner), member, std::move(loop));
    }

  private:
    struct Resumption {
        virtual ~Resumption() = default;
        virtual void post(const boost::asio::any_io_executor& loop) = 0;
    };
    template <class Handler>
    struct HandlerResumption final : Resumption {
        explicit HandlerResumption(Handler waiting) : handler(std::move(waiting)) {}
        void post(const boost::asio::any_io_executor& loop) override {
            boost::asio::post(loop, std::move(handler));
        }
        Handler handler;
    };

    std::unique_ptr<Resumption> resumption_;
};

}  // namespace mlbilling::postgres
