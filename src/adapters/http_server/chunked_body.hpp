#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mlbilling {

/// A body in the chunked coding, from bytes that come in pieces of any size (RFC 9112 7.1). Its
/// trailer fields are looked over and dropped: nothing here needs them, and a field that comes
/// after the body must not pass for one that was there before it (RFC 9110 6.5.1).
class ChunkedBody {
  public:
    /// `max_body`: bytes of the content; `max_rest`: bytes of chunk extensions and trailer fields.
    ChunkedBody(std::uint64_t max_body, std::size_t max_rest)
        : max_body_(max_body), max_rest_(max_rest) {}

    /// Reads on, adds to `body` and takes from the front of `input` what it has read. 0, or the
    /// status to refuse the request with: 400, 413 or 431.
    int read(std::string_view& input, std::string& body);
    bool is_whole() const { return state_ == State::whole; }

  private:
    enum class State { size, data, end_of_data, trailer, whole };
    /// The next line without its end; nothing when it has not come yet, or may not be so long.
    std::optional<std::string_view> line(std::string_view& input, std::size_t max_size);
    int read_size(std::string_view& input, std::uint64_t body_size);
    int read_end_of_data(std::string_view& input);
    int read_trailer(std::string_view& input);
    int take(std::size_t bytes);
    int refused(int status) { return refusal_ = status; }

    State state_ = State::size;
    std::uint64_t max_body_;
    std::size_t max_rest_;
    std::uint64_t left_ = 0;
    int refusal_ = 0;
    /// Whether there is nothing to be done before more bytes come.
    bool waits_ = false;
};

}  // namespace mlbilling
