#include "adapters/postgres/connector.hpp"

#include <libpq-fe.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <utility>

#include "adapters/postgres/failure.hpp"
#include "base/check.hpp"

namespace mlbilling::postgres {
namespace {

namespace asio = boost::asio;

Target target_of(const Options& options) {
    auto target = parse_target(options.url);
    CHECK(target.ok());
    if (target->transaction_pooler) return *std::move(target);
    const auto setting = [](const char* name, Duration value) {
        return std::string(" -c ") + name + '=' + std::to_string(value.count());
    };
    const auto settings =
        setting("statement_timeout", options.statement_timeout) +
        setting("lock_timeout", options.lock_timeout) +
        setting("idle_in_transaction_session_timeout", options.idle_in_transaction_timeout);
    for (auto& [keyword, value] : target->parameters)
        if (keyword == "options") {
            value = settings + ' ' + value;
            return *std::move(target);
        }
    target->parameters.emplace_back("options", settings);
    return *std::move(target);
}

/// What libpq says, on one line.
std::string message_of(const LibpqConnection& connection) {
    std::string message = PQerrorMessage(connection.get());
    while (!message.empty() && message.back() == '\n') message.pop_back();
    for (auto& letter : message)
        if (letter == '\n') letter = ' ';
    return message;
}

void add_problem(std::string& problems, const Host& host, const ConnectionLost& failure) {
    if (!problems.empty()) problems += "; ";
    problems += host.name + ": " + failure.what();
}

/// A connection while it is being made, and the time that it may take.
class Attempt {
  public:
    Attempt(LibpqConnection connection, const asio::any_io_executor& loop)
        : connection_(std::move(connection)), socket_(loop), timer_(loop) {}

    static Async<LibpqConnection> finish(std::shared_ptr<Attempt> self, Duration limit) {
        self->timer_.expires_after(limit);
        self->timer_.async_wait([weak = std::weak_ptr(self)](boost::system::error_code error) {
            const auto attempt = weak.lock();
            if (error || !attempt) return;
            attempt->expired_ = true;
            attempt->socket_.cancel();
        });
        for (auto state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK;
             state = PQconnectPoll(self->connection_.get())) {
            if (state == PGRES_POLLING_FAILED) self->fail();
            co_await self->wait(state == PGRES_POLLING_READING);
        }
        self->timer_.cancel();
        co_return std::move(self->connection_);
    }

  private:
    Async<void> wait(bool readable) {
        using Socket = asio::posix::stream_descriptor;
        // libpq may go on with another socket. The descriptor is our own, so that neither closes
        // the other's.
        socket_.close();
        socket_.assign(::dup(PQsocket(connection_.get())));
        boost::system::error_code error;
        if (!expired_)
            co_await socket_.async_wait(readable ? Socket::wait_read : Socket::wait_write,
                                        asio::redirect_error(asio::use_awaitable, error));
        if (expired_) throw ConnectionLost("no answer in time");
        if (error) throw boost::system::system_error(error);
    }

    [[noreturn]] void fail() const { throw ConnectionLost(message_of(connection_)); }

    LibpqConnection connection_;
    asio::posix::stream_descriptor socket_;
    asio::steady_timer timer_;
    bool expired_ = false;
};

bool is_name(const Host& host) {
    return host.address.empty() && !host.name.empty() && host.name[0] != '/' && host.name[0] != '@';
}

}  // namespace

Connector::Connector(const Options& options, asio::any_io_executor loop)
    : target_(target_of(options)), loop_(std::move(loop)) {}

Async<std::unique_ptr<Connection>> Connector::connect() {
    std::string problems;
    const auto first = preferred_;
    for (std::size_t i = 0; i < target_.hosts.size(); ++i) {
        const auto index = (first + i) % target_.hosts.size();
        auto connection = co_await connect_to(target_.hosts[index], problems);
        if (!connection) continue;
        preferred_ = index;
        co_return std::make_unique<Connection>(std::move(connection), loop_,
                                               !target_.transaction_pooler);
    }
    throw ConnectionLost(problems);
}

// The list is the caller's, who waits for this.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
Async<LibpqConnection> Connector::connect_to(Host host, std::string& problems) {
    std::vector<Host> addresses;
    try {
        addresses = co_await look_up(host);
    } catch (const ConnectionLost& failure) {
        add_problem(problems, host, failure);
    }
    for (const auto& address : addresses) {
        try {
            co_return co_await open(address);
        } catch (const ConnectionLost& failure) {
            add_problem(problems, host, failure);
        }
    }
    co_return nullptr;
}

Async<std::vector<Host>> Connector::look_up(Host host) {
    if (!is_name(host)) co_return std::vector<Host>{host};
    // Ends when the system's resolver gives up; the loop goes on meanwhile.
    asio::ip::tcp::resolver resolver(loop_);
    boost::system::error_code error;
    const auto found = co_await resolver.async_resolve(
        host.name, host.port, asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
    if (error) throw ConnectionLost(error.message());
    std::vector<Host> hosts;
    for (const auto& entry : found)
        hosts.push_back({host.name, entry.endpoint().address().to_string(), host.port});
    co_return hosts;
}

Async<LibpqConnection> Connector::open(Host host) {
    std::vector<const char*> keywords;
    std::vector<const char*> values;
    const auto add = [&](const char* keyword, const std::string& value) {
        if (value.empty()) return;
        keywords.push_back(keyword);
        values.push_back(value.c_str());
    };
    add("host", host.name);
    add("hostaddr", host.address);
    add("port", host.port);
    for (const auto& [keyword, value] : target_.parameters) add(keyword.c_str(), value);
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    LibpqConnection connection(PQconnectStartParams(keywords.data(), values.data(), 0));
    CHECK(connection != nullptr);
    if (PQstatus(connection.get()) == CONNECTION_BAD) throw ConnectionLost(message_of(connection));
    auto attempt = std::make_shared<Attempt>(std::move(connection), loop_);
    auto established = co_await Attempt::finish(attempt, target_.connect_timeout);
    co_return established;
}

}  // namespace mlbilling::postgres
