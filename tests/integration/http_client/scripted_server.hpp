#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mlbilling::test {

struct ScriptedRequest {
    std::string method;
    std::string target;
    /// Names in lower case.
    std::map<std::string, std::string> headers;
    std::string body;
    /// Which connection it came on, from 1.
    int connection = 0;
};

struct ScriptedReply {
    enum class Kind {
        answer,  ///< the whole answer; the connection is kept
        close,   ///< the connection is closed without an answer
        reset,   ///< the same with a TCP reset
        stall,   ///< nothing ever comes
        cut,     ///< half of the body, then the connection is closed
        endless  ///< chunks of body for ever
    };
    Kind kind = Kind::answer;
    std::chrono::milliseconds delay{};
    /// Raw bytes that are sent before the answer.
    std::string prelude;
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

ScriptedReply reply_with(int status, std::string body);
ScriptedReply reply_by(ScriptedReply::Kind kind);

/// A small HTTP server on a port of 127.0.0.1 that the system picks, on the test's own loop. A
/// script answers each request. It also serves as a proxy that answers itself (absolute targets,
/// CONNECT), and, on request, speaks SOCKS5 first.
class ScriptedServer {
  public:
    using Script = std::function<ScriptedReply(const ScriptedRequest&)>;

    ScriptedServer(boost::asio::io_context& loop, Script script, bool socks = false);
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    /// `http://127.0.0.1:port`.
    std::string url() const;
    unsigned short port() const;
    const std::vector<ScriptedRequest>& requests() const;
    /// `host:port` of each SOCKS5 request.
    const std::vector<std::string>& socks_targets() const;
    /// Connections that are open now.
    int open_connections() const;
    /// Closes everything, so that the loop can run dry.
    void stop();

  private:
    struct State;
    std::shared_ptr<State> state_;
};

/// A port of 127.0.0.1 on which nobody listens.
unsigned short unused_port(boost::asio::io_context& loop);

/// Runs the loop until nothing is left to wait for; false when something still is after two
/// seconds.
bool runs_dry(boost::asio::io_context& loop);

}  // namespace mlbilling::test
