#include "adapters/rabbitmq/frame_writer.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace mlbilling::rabbitmq {
namespace {

// Type, channel and length before the payload, the end mark after it.
constexpr std::size_t overhead = 8;

template <class Number>
void big_endian(std::string& out, Number number) {
    for (int shift = (static_cast<int>(sizeof number) - 1) * 8; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(number >> shift & 0xFF));
}

template <class Number>
void big_endian(char* out, Number number) {
    for (int shift = (static_cast<int>(sizeof number) - 1) * 8; shift >= 0; shift -= 8)
        *out++ = static_cast<char>(number >> shift & 0xFF);
}

}  // namespace

void FrameWriter::protocol_header() { buffer_.append("AMQP\0\0\x09\x01", 8); }

void FrameWriter::heartbeat() { frame(AMQP_FRAME_HEARTBEAT, 0, {}); }

void FrameWriter::method(ChannelNumber channel, MethodNumber method, const void* decoded) {
    big_endian(scratch_.data(), method);
    const amqp_bytes_t space{frame_max_ - overhead - 4, scratch_.data() + 4};
    // The library only reads what it encodes.
    const int size = amqp_encode_method(method, const_cast<void*>(decoded), space);
    CHECK(size >= 0);
    frame(AMQP_FRAME_METHOD, channel, {scratch_.data(), static_cast<std::size_t>(size) + 4});
}

void FrameWriter::content(ChannelNumber channel, const amqp_basic_properties_t& properties,
                          std::string_view body) {
    auto* header = scratch_.data();
    big_endian(header, static_cast<std::uint16_t>(AMQP_BASIC_CLASS));
    big_endian(header + 2, std::uint16_t{0});
    big_endian(header + 4, static_cast<std::uint64_t>(body.size()));
    const amqp_bytes_t space{frame_max_ - overhead - 12, header + 12};
    const int size = amqp_encode_properties(
        AMQP_BASIC_CLASS, const_cast<amqp_basic_properties_t*>(&properties), space);
    CHECK(size >= 0);
    frame(AMQP_FRAME_HEADER, channel, {header, static_cast<std::size_t>(size) + 12});
    const std::size_t longest = frame_max_ - overhead;
    for (; !body.empty(); body.remove_prefix(std::min(longest, body.size())))
        frame(AMQP_FRAME_BODY, channel, body.substr(0, longest));
}

void FrameWriter::frame(std::uint8_t type, ChannelNumber channel, std::string_view payload) {
    buffer_.push_back(static_cast<char>(type));
    big_endian(buffer_, channel);
    big_endian(buffer_, static_cast<std::uint32_t>(payload.size()));
    buffer_.append(payload);
    buffer_.push_back(static_cast<char>(AMQP_FRAME_END));
}

}  // namespace mlbilling::rabbitmq
