#include "adapters/rabbitmq/content.hpp"

#include <utility>

#include "adapters/rabbitmq/frame_reader.hpp"
#include "adapters/rabbitmq/properties.hpp"

namespace mlbilling::rabbitmq {

void ContentAssembly::begin(Content content) {
    if (stage_ != Stage::nothing) throw BadData("a message ended before it was whole");
    content_ = std::move(content);
    stage_ = Stage::header;
}

void ContentAssembly::header(std::uint64_t body_size, const amqp_basic_properties_t* properties) {
    if (stage_ != Stage::header) throw BadData("a message's header without a message");
    stage_ = Stage::body;
    missing_ = body_size;
    if (properties == nullptr || body_size > longest_body) return;
    message() = read_properties(*properties);
    message()->body.reserve(body_size);
}

void ContentAssembly::body(std::string_view part) {
    if (stage_ != Stage::body || part.size() > missing_)
        throw BadData("a message's body without a message");
    missing_ -= part.size();
    if (message()) message()->body.append(part);
}

std::optional<Content> ContentAssembly::take() {
    if (stage_ != Stage::body || missing_ > 0) return std::nullopt;
    stage_ = Stage::nothing;
    return std::move(content_);
}

std::optional<Message>& ContentAssembly::message() {
    if (auto* delivery = std::get_if<Delivery>(&content_)) return delivery->message;
    return std::get<Returned>(content_).message;
}

}  // namespace mlbilling::rabbitmq
