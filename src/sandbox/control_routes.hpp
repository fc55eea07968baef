#pragma once

#include "sandbox/control_call.hpp"

namespace mlbilling::sandbox {

// The routes of the control API that answer at once (docs/sandbox.md).

// control_people.cpp
HttpResponse list_users(State& state, const ControlCall& call);
HttpResponse add_user(State& state, const ControlCall& call);
HttpResponse change_user(State& state, const ControlCall& call);
HttpResponse add_group(State& state, const ControlCall& call);
HttpResponse list_commands(State& state, const ControlCall& call);

// control_chats.cpp
HttpResponse write_message(State& state, const ControlCall& call);
HttpResponse edit_message(State& state, const ControlCall& call);
HttpResponse send_file(State& state, const ControlCall& call);
HttpResponse press(State& state, const ControlCall& call);
HttpResponse repeat_update(State& state, const ControlCall& call);
HttpResponse show_record(State& state, const ControlCall& call);

// control_files.cpp
HttpResponse show_file(State& state, const ControlCall& call);

// control_faults.cpp
HttpResponse add_fault(State& state, const ControlCall& call);
HttpResponse list_faults(State& state, const ControlCall& call);
HttpResponse clear_faults(State& state, const ControlCall& call);

}  // namespace mlbilling::sandbox
