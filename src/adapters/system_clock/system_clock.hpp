#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "ports/clock.hpp"

namespace mlbilling {

/// The machine's time; sleeps on the event loop by the monotonic clock, so that setting the
/// machine's clock neither shortens nor prolongs a sleep.
class SystemClock final : public Clock {
  public:
    explicit SystemClock(boost::asio::any_io_executor executor);

    Time now() const override;
    Duration steady_now() const override;
    /// Spans beyond a year are cut to a year.
    Async<void> sleep(Duration span) override;
    std::unique_ptr<Alarm> ring_after(Duration span, std::function<void()> ring) override;

  private:
    boost::asio::any_io_executor executor_;
};

}  // namespace mlbilling
