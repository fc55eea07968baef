#pragma once

#include "adapters/rabbitmq/frame_writer.hpp"

namespace mlbilling::rabbitmq {

/// On the publishing connection.
constexpr ChannelNumber publishing_channel = 1;
/// On the consuming connection: the broker reads a publishing one no more while it is short of
/// memory, and would not hear acknowledgements there (reliability.md 1.2, Alarms).
constexpr ChannelNumber consuming_channel = 1;
constexpr ChannelNumber topology_channel = 2;

}  // namespace mlbilling::rabbitmq
