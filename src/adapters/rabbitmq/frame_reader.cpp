#include "adapters/rabbitmq/frame_reader.hpp"

#include <amqp.h>
#include <amqp_framing.h>

#include <algorithm>

#include "adapters/rabbitmq/frame_writer.hpp"

namespace mlbilling::rabbitmq {
namespace {

constexpr std::size_t header_size = 7;
constexpr std::size_t overhead = header_size + 1;

std::uint32_t big_endian(std::string_view bytes) {
    std::uint32_t number = 0;
    for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
    return number;
}

}  // namespace

std::span<char> FrameReader::space() {
    if (begin_ > 0) {
        std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
                  buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
        end_ -= begin_;
        begin_ = 0;
    }
    // Only a frame that is larger than the buffer fills it.
    if (end_ == buffer_.size()) buffer_.resize(largest_frame + overhead);
    return std::span(buffer_).subspan(end_);
}

std::optional<Frame> FrameReader::next() {
    const std::string_view arrived(buffer_.data() + begin_, end_ - begin_);
    // A server that wants another protocol says so with a header of its own (section 4.2.2).
    if (arrived.starts_with("AMQP")) throw BadData("the server does not speak AMQP 0-9-1");
    if (arrived.size() < header_size) return std::nullopt;
    const auto size = big_endian(arrived.substr(3, 4));
    if (size > largest_frame - overhead) throw BadData("a frame is larger than was agreed");
    if (arrived.size() < size + overhead) return std::nullopt;
    if (static_cast<unsigned char>(arrived[header_size + size]) != AMQP_FRAME_END)
        throw BadData("a frame has no end mark");
    begin_ += size + overhead;
    return Frame{static_cast<std::uint8_t>(arrived[0]),
                 static_cast<std::uint16_t>(big_endian(arrived.substr(1, 2))),
                 arrived.substr(header_size, size)};
}

}  // namespace mlbilling::rabbitmq
