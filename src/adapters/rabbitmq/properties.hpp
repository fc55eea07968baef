#pragma once

#include <amqp.h>
#include <amqp_framing.h>

#include "adapters/rabbitmq/bytes.hpp"
#include "ports/broker.hpp"

namespace mlbilling::rabbitmq {

/// A message's properties as the library encodes them; refers to the message.
class Properties {
  public:
    explicit Properties(const Message& message);
    const amqp_basic_properties_t& raw() const { return properties_; }

  private:
    Table headers_;
    amqp_basic_properties_t properties_{};
};

/// A message without its body. Headers that are no text, number or truth are left out, and so is
/// what goes beyond any use we have of them. A message that the broker itself made a dead letter
/// gets an `x-reason` from the broker's headers.
Message read_properties(const amqp_basic_properties_t& properties);

}  // namespace mlbilling::rabbitmq
