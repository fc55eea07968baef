#include "adapters/rabbitmq/link.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <utility>

#include "adapters/rabbitmq/refused.hpp"
#include "base/check.hpp"
#include "base/log.hpp"
#include "domain/retry.hpp"

namespace mlbilling::rabbitmq {
namespace {

namespace asio = boost::asio;

/// A broker that is away is back within this of its own start. To be refused costs the broker more
/// than a closed port does, and it takes a person to mend it.
const RetryPolicy while_away{.max_attempts = 0, .base = Duration(100), .cap = Duration(1'000)};
const RetryPolicy while_refused{.max_attempts = 0, .base = Duration(100), .cap = Duration(10'000)};
/// A connection that lasted so long had worked.
constexpr std::chrono::seconds good_life{10};

}  // namespace

Link::Link(asio::any_io_executor loop, Parts parts, Random& random)
    : loop_(std::move(loop)), parts_(std::move(parts)), random_(random), pause_(loop_) {
    CHECK(!parts_.addresses.empty());
    // So that the processes spread over the nodes.
    next_ = static_cast<std::size_t>(random_.next() % parts_.addresses.size());
}

void Link::start() {
    asio::co_spawn(loop_, run(shared_from_this()), [](const std::exception_ptr& error) {
        // Without it no connection would be tried any more.
        CHECK(!error);
    });
}

void Link::stop() {
    if (state_ == State::stopped) return;
    state_ = State::stopped;
    why_ = "the connection to RabbitMQ is closed";
    pause_.cancel();
    for (auto& pending : std::exchange(waiting_, {})) pending->fail(why_);
    // Told by the connection, this would come back here.
    if (const auto connection = std::exchange(connection_, nullptr)) connection->end(why_);
}

Async<void> Link::close(std::shared_ptr<Link> self) {
    if (const auto connection = self->connection_) co_await connection->close();
    self->stop();
}

Async<void> Link::up(std::shared_ptr<Link> self) {
    if (self->state_ == State::up) co_return;
    if (self->state_ != State::connecting) throw Unavailable(self->why_);
    auto pending = std::make_shared<Pending<bool>>(self->loop_);
    self->waiting_.push_back(pending);
    co_await Pending<bool>::wait(std::move(pending));
}

std::optional<std::string> Link::problem() const {
    if (state_ == State::up) return std::nullopt;
    return why_.empty() ? "RabbitMQ is not connected yet" : why_;
}

std::string Link::server_version() const {
    return connection_ ? connection_->server_version() : std::string();
}

Async<void> Link::run(std::shared_ptr<Link> self) {
    while (self->state_ != State::stopped) {
        std::string odd;
        try {
            co_await self->round();
            if (self->state_ == State::up) co_await self->serve();
        } catch (const std::exception& error) {
            odd = error.what();
        }
        if (!odd.empty() && self->state_ != State::stopped) self->failed(odd, false);
        if (self->state_ != State::stopped) co_await self->pause();
    }
}

Async<void> Link::round() {
    std::string why;
    // Of several reasons the one that needs the operator.
    std::optional<std::string> refusal;
    for (std::size_t i = 0; i < parts_.addresses.size() && state_ != State::stopped; ++i) {
        try {
            co_await try_address(next_address());
            co_return connected();
        } catch (const Refused& error) {
            refusal = why = error.what();
        } catch (const std::exception& error) {
            why = error.what();
        }
        if (const auto connection = std::exchange(connection_, nullptr)) connection->end(why);
    }
    if (state_ != State::stopped) failed(refusal.value_or(why), refusal.has_value());
}

Async<void> Link::try_address(Address address) {
    connection_ = std::make_shared<Connection>(loop_, address, tls_context(address), parts_.options,
                                               parts_.listener);
    const auto connection = connection_;
    co_await connection->open();
    co_await parts_.take_over(connection);
    if (!connection->is_open()) throw Unavailable("connection to RabbitMQ broke");
}

Async<void> Link::serve() {
    const auto connection = connection_;
    const auto began = std::chrono::steady_clock::now();
    const auto why = co_await connection->ended();
    if (state_ == State::stopped) co_return;
    log::warning("broker connection lost", {{"connection", parts_.name}, {"error", why}});
    connection_.reset();
    state_ = State::connecting;
    why_ = why;
    const bool lived = std::chrono::steady_clock::now() - began > good_life;
    failures_ = lived ? 0 : failures_ + 1;
}

Async<void> Link::pause() {
    if (failures_ == 0) co_return;
    const auto& policy = refused_ ? while_refused : while_away;
    pause_.expires_after(backoff(policy, failures_, random_.next()));
    boost::system::error_code ignored;
    co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

TlsContext Link::tls_context(const Address& address) {
    if (!address.tls) return nullptr;
    auto& context = tls_[address.name()];
    if (!context) context = make_tls_context(address);
    return context;
}

void Link::connected() {
    state_ = State::up;
    why_.clear();
    refused_ = false;
    parts_.complaints->settled();
    log::info("broker connected",
              {{"connection", parts_.name}, {"version", connection_->server_version()}});
    for (auto& pending : std::exchange(waiting_, {})) pending->resolve(true);
}

void Link::failed(const std::string& why, bool refused) {
    state_ = State::failing;
    why_ = why;
    refused_ = refused;
    ++failures_;
    // Whoever starts a process learns of a refusal from check(), and says it in its own way.
    if (!refused || failures_ > 1) parts_.complaints->say(why, refused);
    for (auto& pending : std::exchange(waiting_, {})) pending->fail(why);
}

const Address& Link::next_address() {
    const auto& address = parts_.addresses[next_];
    next_ = (next_ + 1) % parts_.addresses.size();
    return address;
}

}  // namespace mlbilling::rabbitmq
