#include "simulation/process.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "ports/loop_call.hpp"

namespace mlbilling::simulation {

namespace asio = boost::asio;

namespace {

/// A line in the list of those that wait for a moment.
class Entry {
  public:
    Entry(VirtualTime& time, Duration span, std::function<void()> wake)
        : time_(time), key_(time.enlist(span, std::move(wake))) {}
    ~Entry() { time_.strike(key_); }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    bool is_asleep() const { return time_.is_asleep(key_); }

  private:
    VirtualTime& time_;
    VirtualTime::Key key_;
};

}  // namespace

Async<void> Process::sleep(Duration span) {
    asio::steady_timer timer(context_, asio::steady_timer::time_point::max());
    const Entry entry(world_.time, span, [&timer] { timer.cancel(); });
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (entry.is_asleep()) throw boost::system::system_error(asio::error::operation_aborted);
}

std::unique_ptr<Alarm> Process::ring_after(Duration span, std::function<void()> ring) {
    class EnlistedAlarm final : public Alarm {
      public:
        EnlistedAlarm(Process& process, Duration after, std::function<void()> act)
            : call_(process.context_.get_executor(), std::move(act)),
              entry_(process.world_.time, after, call_.trigger()) {}

      private:
        LoopCall call_;
        Entry entry_;
    };
    return std::make_unique<EnlistedAlarm>(*this, span, std::move(ring));
}

Process::~Process() {
    context_.shutdown();
    if (end_of_pause_) world_.time.strike(*end_of_pause_);
}

void Process::perhaps_pause() {
    if (!world_.happens(world_.rates.pause)) return;
    const Duration span(world_.dice.between(10, 60) * 1000);
    ++world_.faults;
    paused_until_ = world_.time.now() + span;
    if (end_of_pause_) world_.time.strike(*end_of_pause_);
    end_of_pause_ = world_.time.enlist(span, [] {});
}

Async<void> Process::never() {
    asio::steady_timer timer(context_, asio::steady_timer::time_point::max());
    co_await timer.async_wait(asio::use_awaitable);
}

Async<void> Process::perhaps_crash(std::string what) {
    if (!world_.happens(world_.rates.crash)) co_return;
    world_.dice.note("crash " + what);
    ++world_.crashes;
    doomed_ = true;
    co_await never();
}

Async<void> Process::before(std::string what) {
    ++world_.port_calls;
    world_.dice.note(what, world_.time.now().time_since_epoch().count());
    perhaps_pause();
    const auto delay = world_.dice.between(0, world_.rates.longest_delay.count());
    if (delay > 0) co_await sleep(Duration(delay));
    co_await perhaps_crash(what);
    if (world_.happens(world_.rates.unavailable_before)) {
        ++world_.faults;
        throw Unavailable("simulated: down before " + what);
    }
}

Async<void> Process::after(std::string what) {
    co_await perhaps_crash(what);
    if (world_.happens(world_.rates.unavailable_after)) {
        ++world_.faults;
        throw Unavailable("simulated: the answer to " + what + " is lost");
    }
}

}  // namespace mlbilling::simulation
