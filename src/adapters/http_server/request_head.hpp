#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/http_server/http_message.hpp"

namespace mlbilling {

/// The head of one request, from bytes that come in pieces of any size (RFC 9112 2 to 6).
class RequestHead {
  public:
    /// How the body is framed.
    struct Body {
        bool chunked = false;
        /// Bytes; of a body that is not chunked.
        std::uint64_t length = 0;
    };

    /// `max_size`: bytes of the request line and all headers.
    explicit RequestHead(std::size_t max_size);
    ~RequestHead();
    RequestHead(RequestHead&&) noexcept;
    RequestHead& operator=(RequestHead&&) noexcept;

    /// Reads on and takes from the front of `input` what it has read. 0, or the status to refuse
    /// the request with: 400, 431, or 501 for a body in a coding other than chunked.
    int read(std::string_view& input);
    /// Whether all of it has come; what follows is there only then.
    bool is_whole() const;

    /// Without the body; called once.
    HttpRequest take();
    Body body() const;
    /// Whether the client allows another request on the connection.
    bool keep_alive() const;
    /// Whether the client waits to be told to go on before it sends the body.
    bool waits_for_continue() const;
    /// Bytes of it that have come.
    std::size_t size() const;

  private:
    class Parser;
    int judge();

    std::unique_ptr<Parser> parser_;
    std::size_t max_size_;
    std::size_t size_ = 0;
};

}  // namespace mlbilling
