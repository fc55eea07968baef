#pragma once

#include <amqp.h>
#include <amqp_framing.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mlbilling::rabbitmq {

using ChannelNumber = std::uint16_t;
using MethodNumber = std::uint32_t;

/// The largest frame that we take part in; the broker may want smaller ones.
constexpr std::uint32_t largest_frame = 131'072;

/// Writes AMQP 0-9-1 frames one behind the other into a buffer (specification, section 2.3.5);
/// the library encodes what is in them.
class FrameWriter {
  public:
    void protocol_header();
    void heartbeat();
    /// `decoded` is the library's struct of that method. What it holds must fit a frame: a CHECK.
    void method(ChannelNumber channel, MethodNumber method, const void* decoded);
    /// The header and body that follow a method which carries content.
    void content(ChannelNumber channel, const amqp_basic_properties_t& properties,
                 std::string_view body);

    void limit_frames(std::uint32_t frame_max) { frame_max_ = frame_max; }
    std::size_t size() const { return buffer_.size(); }
    bool empty() const { return buffer_.empty(); }
    /// Exchanges what was written for an empty buffer.
    void swap(std::string& other) { buffer_.swap(other); }

  private:
    void frame(std::uint8_t type, ChannelNumber channel, std::string_view payload);

    std::string buffer_;
    std::uint32_t frame_max_ = largest_frame;
    std::vector<char> scratch_ = std::vector<char>(largest_frame);
};

}  // namespace mlbilling::rabbitmq
