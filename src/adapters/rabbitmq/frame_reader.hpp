#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace mlbilling::rabbitmq {

/// The peer does not speak AMQP 0-9-1 as we know it; the connection cannot go on.
class BadData : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct Frame {
    std::uint8_t type = 0;
    std::uint16_t channel = 0;
    std::string_view payload;
};

/// Cuts what arrives into frames.
class FrameReader {
  public:
    /// Where to read to; whatever a frame still refers to is gone.
    std::span<char> space();
    void filled(std::size_t bytes) { end_ += bytes; }

    /// The next whole frame, valid until space(); nothing when more must arrive first. Throws
    /// BadData.
    std::optional<Frame> next();

  private:
    std::vector<char> buffer_ = std::vector<char>(64UL * 1024);
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace mlbilling::rabbitmq
