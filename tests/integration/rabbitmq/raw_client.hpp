#pragma once

#include <amqp.h>
#include <amqp_framing.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace mlbilling::test {

/// Another program at the same broker, with the library's own blocking input and output: does what
/// the adapter cannot, and shares no code with it.
class RawClient {
  public:
    RawClient(std::uint16_t port, const std::string& virtual_host);
    ~RawClient();
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    /// A durable classic queue without arguments.
    void declare(const std::string& queue);
    void remove(const std::string& queue);
    void publish(const std::string& queue, const std::string& body);
    /// The texts among the headers of the queue's first message, when there is one.
    std::map<std::string, std::string> headers_of_next(const std::string& queue);

  private:
    void check(const amqp_rpc_reply_t& reply) const;

    amqp_connection_state_t connection_;
};

}  // namespace mlbilling::test
