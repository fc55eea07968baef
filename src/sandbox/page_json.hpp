#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>

#include "sandbox/state.hpp"

namespace mlbilling::sandbox {

// What the control API tells the chat page (docs/sandbox.md).

boost::json::object person_view(const Person& person);
boost::json::object message_view(const Message& message);
/// What changed in the chat after the sequence.
boost::json::object chat_view(const Chat& chat, std::uint64_t after, Time now);
boost::json::array record_view(const Chat& chat);
boost::json::object fault_view(const Fault& fault);
/// The lists of the default scope by language; the one for every language is under "".
boost::json::object commands_view(const Commands& commands);

}  // namespace mlbilling::sandbox
