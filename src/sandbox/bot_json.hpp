#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>

#include "sandbox/state.hpp"

namespace mlbilling::sandbox {

// The Bot API's own objects (telegram.md 1), as the bot with this id sees them.

boost::json::object bot_user_json(std::int64_t bot);
boost::json::object user_json(const State& state, std::int64_t bot, std::int64_t id);
boost::json::object chat_json(const State& state, std::int64_t chat);
/// File, without file_path.
boost::json::object file_json(const State& state, std::int64_t bot, const Attachment& file);
boost::json::object keyboard_json(const Keyboard& keyboard);
/// `reply_to` is shown one level deep, as the real server does; null for none.
boost::json::object message_json(const State& state, std::int64_t bot, std::int64_t chat,
                                 const Message& message, const Message* reply_to);
boost::json::object update_json(const State& state, std::int64_t bot, const Update& update);

}  // namespace mlbilling::sandbox
