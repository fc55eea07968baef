#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "adapters/rabbitmq/bytes.hpp"
#include "adapters/rabbitmq/content.hpp"
#include "adapters/rabbitmq/frame_reader.hpp"
#include "adapters/rabbitmq/frame_writer.hpp"
#include "adapters/rabbitmq/method.hpp"
#include "adapters/rabbitmq/properties.hpp"

namespace mlbilling::rabbitmq {
namespace {

std::string written(const std::function<void(FrameWriter&)>& write) {
    FrameWriter writer;
    write(writer);
    std::string bytes;
    writer.swap(bytes);
    return bytes;
}

std::string publish(const Message& message) {
    return written([&](FrameWriter& writer) {
        amqp_basic_publish_t publish{};
        publish.routing_key = bytes("tasks");
        writer.method(1, AMQP_BASIC_PUBLISH_METHOD, &publish);
        writer.content(1, Properties(message).raw(), message.body);
    });
}

/// Feeds the bytes in pieces and reads what they carry, as a connection does.
std::vector<Message> read(std::string_view stream, const std::vector<std::size_t>& pieces) {
    FrameReader frames;
    MethodReader methods;
    ContentAssembly content;
    std::vector<Message> messages;
    for (std::size_t i = 0; !stream.empty(); ++i) {
        const auto space = frames.space();
        const auto piece =
            pieces.empty() ? stream.size() : std::max<std::size_t>(1, pieces[i % pieces.size()]);
        const auto size = std::min({piece, stream.size(), space.size()});
        std::copy_n(stream.begin(), size, space.begin());
        frames.filled(size);
        stream.remove_prefix(size);
        while (const auto frame = frames.next()) {
            if (frame->type == AMQP_FRAME_METHOD) {
                (void)methods.method(frame->payload);
                content.begin(Delivery{});
            } else if (frame->type == AMQP_FRAME_HEADER) {
                const auto header = methods.header(frame->payload);
                content.header(header.body_size, header.properties);
            } else {
                content.body(frame->payload);
            }
            if (auto whole = content.take())
                if (auto& message = std::get<Delivery>(*whole).message)
                    messages.push_back(*message);
        }
    }
    return messages;
}

RC_GTEST_PROP(Frames, CarryAnyMessageWhole,
              (const std::string& body, std::vector<std::size_t> cuts)) {
    Message sent;
    sent.body = body;
    for (auto& cut : cuts) cut %= 50;
    sent.message_id = "1_2";
    sent.headers = {{"x-reason", body}};
    const auto messages = read(publish(sent) + publish(sent), cuts);
    RC_ASSERT(messages.size() == 2U);
    for (const auto& message : messages) {
        RC_ASSERT(message.body == sent.body);
        RC_ASSERT(message.message_id == sent.message_id);
        RC_ASSERT(message.headers == sent.headers);
    }
}

TEST(Frames, CarryALargeBodyInSeveral) {
    Message sent;
    sent.body = std::string(300'000, 'x');
    const auto messages = read(publish(sent), {1000});
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].body, sent.body);
}

TEST(Frames, ReadPastAMessageThatIsTooLarge) {
    Message large;
    large.body = std::string(longest_body + 1, 'x');
    Message much;
    much.headers["x-a"] = std::string(longest_header, 'x');
    Message next;
    next.body = "next";
    const auto messages = read(publish(large) + publish(much) + publish(next), {});
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].body, "next");
}

TEST(Frames, OfAnotherProtocolAreBadData) {
    for (const std::string& stream :
         {std::string("AMQP\0\1\0\0", 8), std::string("HTTP/1.1 400 Bad Request\r\n\r\n"),
          std::string("\1\0\1\0\0\0\4\0\0\0\0x", 12), std::string("\1\0\1\xFF\xFF\xFF\xFF", 7),
          std::string("\1\0\1\0\0\0\2\0\0\xCE", 10), std::string("\2\0\1\0\0\0\2\0\0\xCE", 10),
          std::string("\3\0\1\0\0\0\2\0\0\xCE", 10)})
        EXPECT_THROW(read(stream, {}), BadData);
}

// Whatever a broken or hostile peer sends is a message or BadData; the sanitizers watch the rest.
RC_GTEST_PROP(Frames, OfNoiseHarmNobody, (std::vector<std::uint8_t> noise, std::uint8_t at)) {
    Message sent;
    sent.body = "body";
    sent.reply_to = "replies";
    sent.headers = {{"a", "b"}};
    auto stream = publish(sent);
    for (std::size_t i = 0; i < noise.size() && i + at < stream.size(); ++i)
        stream[i + at] = static_cast<char>(noise[i]);
    try {
        (void)read(stream, {7});
    } catch (const BadData&) {
        RC_TAG("bad data");
    }
}

TEST(Properties, OfAMessageThatTheBrokerBuriedSayWhy) {
    Table headers;
    headers.text("x-first-death-reason", "delivery_limit").number("n", 5).truth("t", true);
    amqp_basic_properties_t raw{};
    raw._flags = AMQP_BASIC_HEADERS_FLAG;
    raw.headers = headers.raw();
    const auto message = read_properties(raw);
    EXPECT_EQ(message.headers.at("x-reason"), "delivered too often without being acknowledged");
    EXPECT_EQ(message.headers.at("n"), "5");
    EXPECT_EQ(message.headers.at("t"), "true");
}

}  // namespace
}  // namespace mlbilling::rabbitmq
