#pragma once

#include <amqp.h>
#include <amqp_framing.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/rabbitmq/connection_listener.hpp"
#include "adapters/rabbitmq/content.hpp"
#include "adapters/rabbitmq/frame_reader.hpp"
#include "adapters/rabbitmq/frame_writer.hpp"
#include "adapters/rabbitmq/method.hpp"
#include "adapters/rabbitmq/options.hpp"
#include "adapters/rabbitmq/pending.hpp"
#include "adapters/rabbitmq/stream.hpp"

namespace mlbilling::rabbitmq {

/// One AMQP 0-9-1 connection on the event loop. Nothing in it blocks: it reads when there is
/// something, and what is sent within one turn of the loop leaves in one write.
class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(const boost::asio::any_io_executor& loop, Address address, TlsContext tls,
               const BrokerOptions& options, std::shared_ptr<ConnectionListener> listener);

    /// Connects and logs in, within options.longest_opening. Throws Unavailable, or Refused.
    Async<void> open();
    bool is_open() const { return open_; }
    /// Returns why it ended, once it has.
    Async<std::string> ended() { return Pending<std::string>::wait(ended_); }
    /// Ends it now; whatever waits for it throws Unavailable with that reason.
    void end(const std::string& why);
    /// Lets what was sent arrive, and takes leave of the broker, within options.longest_farewell.
    Async<void> close();

    /// Sends the method and returns the answer to it, or the broker's channel.close. Answers come
    /// in the order of the calls. One that stays away ends the connection.
    template <class Method>
    Async<Answer> call(ChannelNumber channel, MethodNumber method, const Method& decoded,
                       MethodNumber answer) {
        send(channel, method, decoded);
        return expect(channel, answer);
    }
    template <class Method>
    void send(ChannelNumber channel, MethodNumber method, const Method& decoded) {
        if (!stream_open_) return;
        writer_.method(channel, method, &decoded);
        send_soon();
    }
    void publish(ChannelNumber channel, std::string_view queue,
                 const amqp_basic_properties_t& properties, std::string_view body);
    /// The listener is asked before_sending() at the end of this turn of the loop.
    void send_soon();

    std::size_t unsent_bytes() const { return writer_.size() + sending_.size(); }
    const std::string& server_version() const { return server_version_; }

  private:
    struct Call {
        MethodNumber answer = 0;
        std::shared_ptr<Pending<Answer>> pending;
    };
    using Clock = std::chrono::steady_clock;

    // Opening (login.cpp).
    Async<void> log_in();
    void start(const Answer& greeting);
    void tune(const Answer& proposal);

    Async<Answer> expect(ChannelNumber channel, MethodNumber answer);
    static Async<Answer> answer_or_end(std::shared_ptr<Connection> self,
                                       std::shared_ptr<Pending<Answer>> pending);

    void read();
    void received(const boost::system::error_code& error, std::size_t bytes);
    void flush();
    void sent(const boost::system::error_code& error);
    void end_after(Duration span);
    void beat();

    // What arrives (connection_frames.cpp).
    void handle(const Frame& frame);
    void handle_method(const Frame& frame);
    void handle_content(const Frame& frame);
    void content_arrived(Content content);
    /// Whether the method was one that nobody asks for.
    bool handle_event(ChannelNumber channel, const Method& method);
    void handle_closing(ChannelNumber channel, const Method& method);
    void answer(ChannelNumber channel, Answer answer);

    boost::asio::any_io_executor loop_;
    Address address_;
    const BrokerOptions options_;
    std::shared_ptr<ConnectionListener> listener_;
    Stream stream_;
    FrameReader reader_;
    FrameWriter writer_;
    MethodReader methods_;
    std::string sending_;
    bool stream_open_ = false;
    bool open_ = false;
    bool writing_ = false;
    bool flush_posted_ = false;
    std::map<ChannelNumber, std::deque<Call>> calls_;
    std::map<ChannelNumber, ContentAssembly> contents_;
    std::shared_ptr<Pending<std::string>> ended_;
    std::string why_ended_;
    /// Runs out when the opening, or the end, takes too long.
    boost::asio::steady_timer limit_;
    boost::asio::steady_timer heartbeat_;
    Duration heartbeat_interval_;
    bool sent_since_beat_ = false;
    Clock::time_point last_received_;
    std::string server_version_;
};

}  // namespace mlbilling::rabbitmq
