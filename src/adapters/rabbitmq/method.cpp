#include "adapters/rabbitmq/method.hpp"

#include "adapters/rabbitmq/bytes.hpp"
#include "adapters/rabbitmq/content.hpp"
#include "adapters/rabbitmq/frame_reader.hpp"

namespace mlbilling::rabbitmq {
namespace {

std::uint64_t big_endian(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
    return number;
}

std::string version_of(const amqp_table_t& server) {
    for (int i = 0; i < server.num_entries; ++i) {
        const auto& entry = server.entries[i];
        const bool text = entry.value.kind == AMQP_FIELD_KIND_UTF8;
        if (text && view(entry.key) == "version") return std::string(view(entry.value.value.bytes));
    }
    return {};
}

template <class Closing>
void keep_closing(const Method& method, Answer& answer) {
    answer.code = method.as<Closing>().reply_code;
    answer.text = view(method.as<Closing>().reply_text);
}

}  // namespace

Answer keep(const Method& method) {
    Answer answer;
    answer.method = method.number;
    switch (method.number) {
        case AMQP_QUEUE_DECLARE_OK_METHOD:
            answer.messages = method.as<amqp_queue_declare_ok_t>().message_count;
            break;
        case AMQP_CHANNEL_CLOSE_METHOD: keep_closing<amqp_channel_close_t>(method, answer); break;
        case AMQP_CONNECTION_CLOSE_METHOD:
            keep_closing<amqp_connection_close_t>(method, answer);
            break;
        case AMQP_CONNECTION_START_METHOD: {
            const auto& start = method.as<amqp_connection_start_t>();
            answer.text = version_of(start.server_properties);
            answer.takes_password = view(start.mechanisms).find("PLAIN") != std::string_view::npos;
            break;
        }
        case AMQP_CONNECTION_TUNE_METHOD:
            answer.frame_max = method.as<amqp_connection_tune_t>().frame_max;
            answer.heartbeat = method.as<amqp_connection_tune_t>().heartbeat;
            break;
        default: break;
    }
    return answer;
}

Method MethodReader::method(std::string_view payload) {
    if (payload.size() < 4) throw BadData("a method without a number");
    recycle_amqp_pool(&pool_);
    Method method{static_cast<MethodNumber>(big_endian(payload.substr(0, 4))), nullptr};
    if (amqp_decode_method(method.number, &pool_, bytes(payload.substr(4)), &method.decoded) < 0)
        throw BadData("a method that cannot be read");
    return method;
}

MethodReader::Header MethodReader::header(std::string_view payload) {
    if (payload.size() < 12) throw BadData("a message's header that is too short");
    const auto body_size = big_endian(payload.substr(4, 8));
    if (payload.size() > longest_header) return {body_size, nullptr};
    recycle_amqp_pool(&pool_);
    const auto content_class = static_cast<std::uint16_t>(big_endian(payload.substr(0, 2)));
    void* decoded = nullptr;
    if (content_class != AMQP_BASIC_CLASS ||
        amqp_decode_properties(content_class, &pool_, bytes(payload.substr(12)), &decoded) < 0)
        throw BadData("a message's header that cannot be read");
    return {body_size, static_cast<amqp_basic_properties_t*>(decoded)};
}

}  // namespace mlbilling::rabbitmq
