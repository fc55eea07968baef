#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/rabbitmq/complaints.hpp"
#include "adapters/rabbitmq/connection.hpp"
#include "ports/random.hpp"

namespace mlbilling::rabbitmq {

/// Keeps one connection up: tries the addresses in turn, and after a whole round without success
/// waits before the next: a second at most for a broker that is away, longer for one that refuses
/// us.
class Link : public std::enable_shared_from_this<Link> {
  public:
    /// What a new connection must go through before it is of use; throws Unavailable, or Refused.
    using TakeOver = std::function<Async<void>(std::shared_ptr<Connection>)>;

    struct Parts {
        /// For logs: what the connection is for.
        std::string name;
        std::vector<Address> addresses;
        BrokerOptions options;
        std::shared_ptr<ConnectionListener> listener;
        TakeOver take_over;
        std::shared_ptr<Complaints> complaints;
    };
    /// `random` outlives the loop.
    Link(boost::asio::any_io_executor loop, Parts parts, Random& random);

    /// Begins to connect; once.
    void start();
    /// Ends the connection, and connects no more.
    void stop();
    /// Takes leave of the broker first.
    static Async<void> close(std::shared_ptr<Link> self);

    /// Returns when the connection is up. Throws Unavailable when the last round through all
    /// addresses had no success.
    static Async<void> up(std::shared_ptr<Link> self);
    /// Why it is not up, if it is not.
    std::optional<std::string> problem() const;
    /// Whether only the operator can mend it.
    bool is_refused() const { return refused_; }
    /// The broker's version, while it is up.
    std::string server_version() const;

  private:
    enum class State { connecting, up, failing, stopped };

    static Async<void> run(std::shared_ptr<Link> self);
    Async<void> round();
    Async<void> try_address(Address address);
    Async<void> serve();
    Async<void> pause();
    TlsContext tls_context(const Address& address);
    void connected();
    void failed(const std::string& why, bool refused);
    const Address& next_address();

    boost::asio::any_io_executor loop_;
    const Parts parts_;
    Random& random_;
    boost::asio::steady_timer pause_;
    std::shared_ptr<Connection> connection_;
    std::map<std::string, TlsContext> tls_;
    std::size_t next_ = 0;
    State state_ = State::connecting;
    std::string why_;
    bool refused_ = false;
    int failures_ = 0;
    std::list<std::shared_ptr<Pending<bool>>> waiting_;
};

}  // namespace mlbilling::rabbitmq
