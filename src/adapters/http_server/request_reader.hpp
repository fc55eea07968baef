#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/http_server/chunked_body.hpp"
#include "adapters/http_server/http_message.hpp"
#include "adapters/http_server/request_head.hpp"

namespace mlbilling {

/// Reads the requests of one connection, one after the other, from bytes in pieces of any size. It
/// knows no socket, holds what has come and never what is only announced, and throws nothing but
/// for want of memory. After a refusal nothing more can be read.
class RequestReader {
  public:
    enum class Progress {
        more,      ///< feed() it
        head,      ///< a head has come: look at it, then take_body(), then go on
        complete,  ///< take() it, then go on
        refused    ///< answer refusal(), and be done with the connection
    };

    /// `max_head`: bytes of one request's line, headers and trailer fields together.
    explicit RequestReader(std::size_t max_head) : max_head_(max_head), head_(max_head) {}

    void feed(std::string_view bytes);
    Progress advance();

    /// The request as far as it is known.
    const HttpRequest& request() const { return request_; }
    /// Bytes of the body that may come, beyond which the request is refused with 413.
    void take_body(std::uint64_t max_body);
    HttpRequest take();
    int refusal() const { return refusal_; }

    /// Whether nothing of a next request has come.
    bool is_idle() const { return state_ == State::head && head_.size() == 0 && unread().empty(); }
    /// Whether the client allows another request; known with the head.
    bool keep_alive() const { return keep_alive_; }
    /// Whether anything comes after the head; known with it.
    bool has_body() const { return framing_.chunked || framing_.length > 0; }
    /// Whether nothing of the body comes before the client was told to go on.
    bool waits_for_continue() const { return waits_for_continue_ && unread().empty(); }
    /// Bytes of the body that have come.
    std::uint64_t body_size() const { return request_.body.size(); }

  private:
    enum class State { head, head_shown, body, complete, refused };
    std::string_view unread() const { return std::string_view(input_).substr(read_); }
    Progress read_head(std::string_view& input);
    Progress read_body(std::string_view& input);
    Progress refuse(int status);

    std::size_t max_head_;
    std::string input_;
    /// Bytes at the front of the input that are done with. They go away with the next feed(), not
    /// each by itself: moving what is behind them each time would cost the square of their number.
    std::size_t read_ = 0;
    State state_ = State::head;
    RequestHead head_;
    std::optional<ChunkedBody> chunks_;
    HttpRequest request_;
    RequestHead::Body framing_;
    std::uint64_t max_body_ = 0;
    bool keep_alive_ = false;
    bool waits_for_continue_ = false;
    int refusal_ = 0;
};

}  // namespace mlbilling
