// What the broker sends: answers to our calls, messages, and what it says unasked.
#include <utility>

#include "adapters/rabbitmq/bytes.hpp"
#include "adapters/rabbitmq/connection.hpp"

namespace mlbilling::rabbitmq {

void Connection::handle(const Frame& frame) {
    switch (frame.type) {
        case AMQP_FRAME_METHOD: handle_method(frame); break;
        case AMQP_FRAME_HEADER:
        case AMQP_FRAME_BODY: handle_content(frame); break;
        case AMQP_FRAME_HEARTBEAT: break;
        default: throw BadData("a frame of an unknown kind");
    }
}

void Connection::handle_method(const Frame& frame) {
    const auto method = methods_.method(frame.payload);
    if (handle_event(frame.channel, method)) return;
    if (method.number == AMQP_CONNECTION_CLOSE_METHOD || method.number == AMQP_CHANNEL_CLOSE_METHOD)
        return handle_closing(frame.channel, method);
    answer(frame.channel, keep(method));
}

bool Connection::handle_event(ChannelNumber channel, const Method& method) {
    switch (method.number) {
        case AMQP_BASIC_DELIVER_METHOD: {
            const auto& deliver = method.as<amqp_basic_deliver_t>();
            contents_[channel].begin(Delivery{std::string(view(deliver.consumer_tag)),
                                              deliver.delivery_tag,
                                              deliver.redelivered != 0,
                                              {}});
            return true;
        }
        case AMQP_BASIC_RETURN_METHOD:
            contents_[channel].begin(
                Returned{std::string(view(method.as<amqp_basic_return_t>().routing_key)), {}});
            return true;
        case AMQP_BASIC_ACK_METHOD: {
            const auto& ack = method.as<amqp_basic_ack_t>();
            listener_->confirmed(ack.delivery_tag, ack.multiple != 0, true);
            return true;
        }
        case AMQP_BASIC_NACK_METHOD: {
            const auto& nack = method.as<amqp_basic_nack_t>();
            listener_->confirmed(nack.delivery_tag, nack.multiple != 0, false);
            return true;
        }
        case AMQP_BASIC_CANCEL_METHOD:
            listener_->consumer_cancelled(
                std::string(view(method.as<amqp_basic_cancel_t>().consumer_tag)));
            return true;
        case AMQP_CONNECTION_BLOCKED_METHOD: listener_->blocked(true); return true;
        case AMQP_CONNECTION_UNBLOCKED_METHOD: listener_->blocked(false); return true;
        default: return false;
    }
}

void Connection::handle_content(const Frame& frame) {
    auto& content = contents_[frame.channel];
    if (frame.type == AMQP_FRAME_HEADER) {
        const auto header = methods_.header(frame.payload);
        content.header(header.body_size, header.properties);
    } else {
        content.body(frame.payload);
    }
    if (auto whole = content.take()) content_arrived(*std::move(whole));
}

void Connection::content_arrived(Content content) {
    if (auto* delivery = std::get_if<Delivery>(&content))
        return listener_->delivered(std::move(*delivery));
    const auto& returned = std::get<Returned>(content);
    listener_->returned(returned.queue,
                        returned.message ? returned.message->message_id : std::string());
}

void Connection::handle_closing(ChannelNumber channel, const Method& method) {
    auto closing = keep(method);
    const bool whole = method.number == AMQP_CONNECTION_CLOSE_METHOD;
    const auto reason =
        "RabbitMQ closed the " + std::string(whole ? "connection: " : "channel: ") + closing.text;
    const auto found = calls_.find(channel);
    const bool asked = found != calls_.end() && !found->second.empty();
    // Somebody whose request was refused learns why; what else was asked there is not answered.
    if (asked) {
        auto calls = std::exchange(found->second, {});
        calls.front().pending->resolve(std::move(closing));
        calls.pop_front();
        for (auto& call : calls) call.pending->fail(reason);
    }
    if (whole || !asked) return end(reason);
    const amqp_channel_close_ok_t agreed{};
    send(channel, AMQP_CHANNEL_CLOSE_OK_METHOD, agreed);
}

void Connection::answer(ChannelNumber channel, Answer answer) {
    auto& calls = calls_[channel];
    if (calls.empty() || calls.front().answer != answer.method)
        throw BadData("an answer that nobody asked for");
    auto call = std::move(calls.front());
    calls.pop_front();
    call.pending->resolve(std::move(answer));
}

}  // namespace mlbilling::rabbitmq
