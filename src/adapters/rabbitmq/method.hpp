#pragma once

#include <amqp.h>
#include <amqp_framing.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/rabbitmq/frame_writer.hpp"

namespace mlbilling::rabbitmq {

/// A method that arrived; valid until the next is read.
struct Method {
    MethodNumber number = 0;
    void* decoded = nullptr;

    template <class Fields>
    const Fields& as() const {
        return *static_cast<const Fields*>(decoded);
    }
};

/// What is kept of the answer to a request.
struct Answer {
    MethodNumber method = 0;
    /// Of queue.declare-ok: messages that wait.
    std::uint32_t messages = 0;
    /// Of channel.close and connection.close.
    std::uint16_t code = 0;
    std::string text;
    /// Of connection.start: the server's version, and whether it takes user and password.
    bool takes_password = false;
    /// Of connection.tune; 0 means no limit, or no heartbeat.
    std::uint32_t frame_max = 0;
    std::uint16_t heartbeat = 0;

    bool is(MethodNumber number) const { return method == number; }
};

/// Keeps of a method what the waiting coroutine may need later.
Answer keep(const Method& method);

/// Decodes methods and message headers with the library; the results live in its memory pool until
/// the next one.
class MethodReader {
  public:
    MethodReader() { init_amqp_pool(&pool_, 16UL * 1024); }
    ~MethodReader() { empty_amqp_pool(&pool_); }
    MethodReader(const MethodReader&) = delete;
    MethodReader& operator=(const MethodReader&) = delete;

    struct Header {
        std::uint64_t body_size = 0;
        /// Null when the header is longer than longest_header.
        const amqp_basic_properties_t* properties = nullptr;
    };

    /// Both throw BadData.
    Method method(std::string_view payload);
    Header header(std::string_view payload);

  private:
    amqp_pool_t pool_{};
};

}  // namespace mlbilling::rabbitmq
