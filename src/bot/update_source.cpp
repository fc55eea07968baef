#include "bot/update_source.hpp"

#include "domain/names.hpp"

namespace mlbilling::bot {
namespace {

constexpr Names<UpdateState, 9> state_names{{{UpdateState::starting, "starting"},
                                             {UpdateState::receiving, "receiving"},
                                             {UpdateState::standing_by, "standing_by"},
                                             {UpdateState::unreachable, "unreachable"},
                                             {UpdateState::unreadable, "unreadable"},
                                             {UpdateState::store_unavailable, "store_unavailable"},
                                             {UpdateState::conflict, "conflict"},
                                             {UpdateState::unauthorized, "unauthorized"},
                                             {UpdateState::webhook_refused, "webhook_refused"}}};

}  // namespace

std::string_view to_string(UpdateState state) { return name_of(state_names, state); }

bool is_ready(UpdateState state) {
    return state == UpdateState::receiving || state == UpdateState::standing_by;
}

}  // namespace mlbilling::bot
