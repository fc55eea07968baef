#pragma once

#include <amqp.h>
#include <amqp_framing.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "ports/broker.hpp"

namespace mlbilling::rabbitmq {

/// A message with a larger body or header is read past and not kept: none of ours comes near it.
/// The library reads nested headers by recursion, which the bound keeps flat enough for the stack.
constexpr std::uint64_t longest_body = 4UL * 1024 * 1024;
constexpr std::size_t longest_header = 16UL * 1024;

struct Delivery {
    std::string consumer;
    std::uint64_t tag = 0;
    bool redelivered = false;
    /// Nothing when it is larger than anybody reads.
    std::optional<Message> message;
};

struct Returned {
    std::string queue;
    std::optional<Message> message;
};

using Content = std::variant<Delivery, Returned>;

/// Puts a method that carries content together with the header and body frames behind it
/// (specification, section 4.2.6). Throws BadData when they come in another order.
class ContentAssembly {
  public:
    void begin(Content content);
    /// Without properties the message is not kept.
    void header(std::uint64_t body_size, const amqp_basic_properties_t* properties);
    void body(std::string_view part);
    /// The content, once it is whole.
    std::optional<Content> take();

  private:
    enum class Stage { nothing, header, body };

    std::optional<Message>& message();

    Stage stage_ = Stage::nothing;
    Content content_;
    std::uint64_t missing_ = 0;
};

}  // namespace mlbilling::rabbitmq
