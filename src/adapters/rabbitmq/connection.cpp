#include "adapters/rabbitmq/connection.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "base/check.hpp"

namespace mlbilling::rabbitmq {

namespace asio = boost::asio;
using boost::system::error_code;

Connection::Connection(const asio::any_io_executor& loop, Address address, TlsContext tls,
                       const BrokerOptions& options, std::shared_ptr<ConnectionListener> listener)
    : loop_(loop),
      address_(address),
      options_(options),
      listener_(std::move(listener)),
      stream_(loop, std::move(address), std::move(tls), options.heartbeat * 2),
      ended_(std::make_shared<Pending<std::string>>(loop)),
      limit_(loop),
      heartbeat_(loop),
      heartbeat_interval_(options.heartbeat) {}

Async<void> Connection::open() {
    end_after(options_.longest_opening);
    std::string failure;
    try {
        co_await stream_.connect();
    } catch (const Unavailable& error) {
        failure = error.what();
    }
    if (!why_ended_.empty()) throw Unavailable(why_ended_);
    if (!failure.empty()) throw Unavailable(failure);
    stream_open_ = true;
    last_received_ = Clock::now();
    writer_.protocol_header();
    send_soon();
    read();
    co_await log_in();
    limit_.cancel();
    open_ = true;
    beat();
}

void Connection::end_after(Duration span) {
    limit_.expires_after(span);
    limit_.async_wait([weak = weak_from_this()](const error_code& error) {
        const auto self = weak.lock();
        if (!error && self) self->end("RabbitMQ at " + self->address_.name() + " does not answer");
    });
}

void Connection::end(const std::string& why) {
    if (!why_ended_.empty()) return;
    why_ended_ = why;
    stream_open_ = open_ = false;
    stream_.close();
    limit_.cancel();
    heartbeat_.cancel();
    for (auto& [channel, calls] : std::exchange(calls_, {}))
        for (auto& call : calls) call.pending->fail(why);
    // It may hold what holds us.
    if (const auto listener = std::exchange(listener_, nullptr)) listener->lost(why);
    ended_->resolve(why);
}

Async<void> Connection::close() {
    if (!open_) co_return;
    end_after(options_.longest_farewell);
    amqp_connection_close_t leave{};
    leave.reply_code = AMQP_REPLY_SUCCESS;
    try {
        // The answer says that all that was sent before has been read.
        co_await call(0, AMQP_CONNECTION_CLOSE_METHOD, leave, AMQP_CONNECTION_CLOSE_OK_METHOD);
    } catch (const Unavailable&) {
        // It ended in another way: just as well.
    }
    end("the connection to RabbitMQ is closed");
}

Async<Answer> Connection::expect(ChannelNumber channel, MethodNumber answer) {
    auto pending = std::make_shared<Pending<Answer>>(loop_, options_.longest_answer);
    if (stream_open_)
        calls_[channel].push_back({answer, pending});
    else
        pending->fail(why_ended_);
    return answer_or_end(shared_from_this(), std::move(pending));
}

Async<Answer> Connection::answer_or_end(std::shared_ptr<Connection> self,
                                        std::shared_ptr<Pending<Answer>> pending) {
    try {
        co_return co_await Pending<Answer>::wait(pending);
    } catch (const Unavailable&) {
        // Whatever else waits on a connection without answers waits in vain.
        self->end("RabbitMQ at " + self->address_.name() + " does not answer");
        throw;
    }
}

void Connection::publish(ChannelNumber channel, std::string_view queue,
                         const amqp_basic_properties_t& properties, std::string_view body) {
    CHECK(open_);
    amqp_basic_publish_t publish{};
    publish.routing_key = {queue.size(), const_cast<char*>(queue.data())};
    publish.mandatory = 1;
    writer_.method(channel, AMQP_BASIC_PUBLISH_METHOD, &publish);
    writer_.content(channel, properties, body);
    send_soon();
}

void Connection::send_soon() {
    if (flush_posted_) return;
    flush_posted_ = true;
    asio::post(loop_, [self = shared_from_this()] { self->flush(); });
}

void Connection::flush() {
    // What the listener adds leaves now and needs no other turn.
    flush_posted_ = true;
    if (listener_) listener_->before_sending();
    flush_posted_ = false;
    if (!stream_open_ || writing_ || writer_.empty()) return;
    writing_ = true;
    sent_since_beat_ = true;
    sending_.clear();
    writer_.swap(sending_);
    stream_.write(
        asio::buffer(sending_),
        [self = shared_from_this()](const error_code& error, std::size_t) { self->sent(error); });
}

void Connection::sent(const error_code& error) {
    writing_ = false;
    sending_.clear();
    if (error) return end("connection to RabbitMQ broke: " + error.message());
    flush();
}

void Connection::read() {
    const auto space = reader_.space();
    stream_.read_some(asio::buffer(space.data(), space.size()),
                      [self = shared_from_this()](const error_code& error, std::size_t bytes) {
                          self->received(error, bytes);
                      });
}

void Connection::received(const error_code& error, std::size_t bytes) {
    if (!stream_open_) return;
    if (error) return end("connection to RabbitMQ broke: " + error.message());
    last_received_ = Clock::now();
    reader_.filled(bytes);
    try {
        while (auto frame = reader_.next()) {
            handle(*frame);
            if (!stream_open_) return;
        }
    } catch (const BadData& bad) {
        return end(std::string("RabbitMQ sent what is no AMQP 0-9-1: ") + bad.what());
    }
    read();
}

void Connection::beat() {
    if (!open_ || heartbeat_interval_ <= Duration(0)) return;
    if (Clock::now() - last_received_ > 2 * heartbeat_interval_)
        return end("RabbitMQ at " + address_.name() + " has fallen silent");
    // Twice per interval, as the broker expects; what was sent anyway counts.
    if (!std::exchange(sent_since_beat_, false)) {
        writer_.heartbeat();
        send_soon();
    }
    heartbeat_.expires_after(heartbeat_interval_ / 2);
    heartbeat_.async_wait([weak = weak_from_this()](const error_code& error) {
        const auto self = weak.lock();
        if (!error && self) self->beat();
    });
}

}  // namespace mlbilling::rabbitmq
