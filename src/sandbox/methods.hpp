#pragma once

#include <string>

#include "sandbox/answer.hpp"
#include "sandbox/call.hpp"
#include "sandbox/state.hpp"

namespace mlbilling::sandbox {

/// One Bot API method that answers at once. Its effects are complete when it returns.
using Method = Answer (*)(State&, const Call&);

// text_methods.cpp
Answer send_message(State& state, const Call& call);
Answer edit_message_text(State& state, const Call& call);
Answer edit_message_reply_markup(State& state, const Call& call);
Answer delete_message(State& state, const Call& call);

// file_methods.cpp
Answer send_voice(State& state, const Call& call);
Answer send_audio(State& state, const Call& call);
Answer send_document(State& state, const Call& call);
Answer get_file(State& state, const Call& call);

// chat_methods.cpp
Answer send_chat_action(State& state, const Call& call);
Answer answer_callback_query(State& state, const Call& call);

// account_methods.cpp
Answer get_me(State& state, const Call& call);
Answer set_my_commands(State& state, const Call& call);
Answer get_my_commands(State& state, const Call& call);
Answer delete_my_commands(State& state, const Call& call);

// webhook_methods.cpp
Answer set_webhook(State& state, const Call& call);
Answer delete_webhook(State& state, const Call& call);
Answer get_webhook_info(State& state, const Call& call);

/// Nothing for a method that is not here; names are compared in lower case.
Method method_named(const std::string& lower_case_name);

}  // namespace mlbilling::sandbox
