#include <boost/json.hpp>

#include "sandbox/control_routes.hpp"
#include "sandbox/page_json.hpp"
#include "sandbox/user_actions.hpp"

namespace mlbilling::sandbox {

namespace json = boost::json;

HttpResponse list_users(State& state, const ControlCall& /*call*/) {
    json::array out;
    for (const auto& [id, person] : state.people.all()) out.push_back(person_view(person));
    return control_answer(std::move(out));
}

HttpResponse add_user(State& state, const ControlCall& call) {
    const auto body = body_of(call.request);
    if (!body) return control_error(400, body.error().message);
    Person person;
    person.id = number_in(*body, "id").value_or(0);
    person.first_name = string_in(*body, "first_name").value_or("");
    person.username = string_in(*body, "username").value_or("");
    person.language_code = string_in(*body, "language_code").value_or("");
    const auto added = state.people.add(std::move(person));
    if (!added) return control_error(400, added.error().message);
    state.chats.open_private(added->id);
    return control_answer(person_view(*added));
}

HttpResponse change_user(State& state, const ControlCall& call) {
    const auto body = body_of(call.request);
    if (!body) return control_error(400, body.error().message);
    const auto id = number_from(call.id);
    auto* person = id ? state.people.find(*id) : nullptr;
    if (person == nullptr) return control_error(404, "there is no such user");
    if (const auto blocked = flag_in(*body, "blocked"))
        set_blocked(state, *person, *blocked, call.now);
    person->forbids_voice = flag_in(*body, "forbids_voice").value_or(person->forbids_voice);
    return control_answer(person_view(*person));
}

HttpResponse add_group(State& state, const ControlCall& call) {
    const auto body = body_of(call.request);
    if (!body) return control_error(400, body.error().message);
    std::vector<std::int64_t> members;
    const auto* list = body->if_contains("members");
    if (list == nullptr || !list->is_array())
        return control_error(400, "members must be a list of user ids");
    for (const auto& member : list->get_array()) {
        if (!member.is_int64()) return control_error(400, "members must be a list of user ids");
        members.push_back(member.get_int64());
    }
    const auto title = string_in(*body, "title").value_or("");
    const auto group = create_group(state, title, std::move(members), call.now);
    if (!group) return control_error(400, group.error().message);
    return control_answer(json::object{{"chat_id", *group}});
}

HttpResponse list_commands(State& state, const ControlCall& /*call*/) {
    return control_answer(commands_view(state.commands));
}

}  // namespace mlbilling::sandbox
