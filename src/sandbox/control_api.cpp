#include "sandbox/control_api.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <stdexcept>

#include "base/unavailable.hpp"
#include "sandbox/control_routes.hpp"
#include "sandbox/page_json.hpp"

namespace mlbilling::sandbox {
namespace {

constexpr std::string_view prefix = "/sandbox/api/";
constexpr std::int64_t longest_wait = 25;

using Route = HttpResponse (*)(State&, const ControlCall&);

/// `chats/1001/press` as the pattern `chats/*/press` and the id.
struct Target {
    std::string pattern;
    std::string id;
};

Target target_of(const std::string& path) {
    auto rest = path.substr(prefix.size());
    const auto slash = rest.find('/');
    const auto first = rest.substr(0, slash);
    const bool has_id =
        slash != std::string::npos && (first == "users" || first == "chats" || first == "files");
    if (!has_id) return {rest, ""};
    const auto end = rest.find('/', slash + 1);
    const auto id = rest.substr(slash + 1, end == std::string::npos ? end : end - slash - 1);
    return {first + "/*" + (end == std::string::npos ? "" : rest.substr(end)), id};
}

const std::map<std::string, Route>& routes() {
    static const std::map<std::string, Route> table{
        {"GET users", list_users},           {"POST users", add_user},
        {"POST users/*", change_user},       {"POST groups", add_group},
        {"GET commands", list_commands},     {"POST chats/*/messages", write_message},
        {"POST chats/*/edit", edit_message}, {"POST chats/*/files", send_file},
        {"POST chats/*/press", press},       {"POST repeat", repeat_update},
        {"GET record", show_record},         {"GET files/*", show_file},
        {"POST faults", add_fault},          {"GET faults", list_faults},
        {"DELETE faults", clear_faults},
    };
    return table;
}

std::string parameter(const HttpRequest& request, const std::string& name) {
    const auto found = request.query.find(name);
    return found == request.query.end() ? std::string() : found->second;
}

}  // namespace

ControlApi::ControlApi(State& state, Clock& clock, Backstage* backstage)
    : state_(state), clock_(clock), backstage_(backstage) {
    state_.chats.on_change = [this](std::int64_t chat) { watchers_.announce(chat); };
}

ControlApi::~ControlApi() { state_.chats.on_change = nullptr; }

bool ControlApi::owns(const std::string& path) { return path.starts_with(prefix); }

void ControlApi::close() {
    closed_ = true;
    watchers_.announce_all();
}

Async<HttpResponse> ControlApi::handle(HttpRequest request) {
    auto target = target_of(request.path);
    const auto wanted = request.method + " " + target.pattern;
    if (wanted == "GET chats/*/messages")
        co_return co_await watch(std::move(request), std::move(target.id));
    if (wanted == "GET backstage/story" || wanted == "POST backstage/act") {
        co_return co_await backstage(std::move(request), wanted);
    }
    const auto route = routes().find(wanted);
    if (route == routes().end()) co_return control_error(404, "there is no such route: " + wanted);
    const ControlCall call{request, target.id, clock_.now()};
    co_return route->second(state_, call);
}

Async<HttpResponse> ControlApi::watch(HttpRequest request, std::string chat_id) {
    const auto id = number_from(chat_id);
    const auto* chat = id ? state_.chats.find(*id) : nullptr;
    if (chat == nullptr) co_return control_error(404, "there is no such chat");
    const auto asked = number_from(parameter(request, "after")).value_or(0);
    const auto seconds = number_from(parameter(request, "timeout")).value_or(0);
    auto after = static_cast<std::uint64_t>(std::max<std::int64_t>(asked, 0));
    // Someone who remembers more than there is has seen an earlier sandbox: all is new to them.
    if (after > chat->sequence) after = 0;
    const auto until =
        clock_.now() + std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, longest_wait));
    ChatWatch::Watcher watcher(watchers_, *id);
    for (auto left = until - clock_.now(); left > Duration(0); left = until - clock_.now()) {
        if (closed_ || chat->sequence > after) break;
        co_await watcher.changed.wait_within(clock_, left);
        watcher.changed.reset();
    }
    co_return control_answer(chat_view(*chat, after, clock_.now()));
}

Async<HttpResponse> ControlApi::backstage(HttpRequest request, std::string route) {
    if (backstage_ == nullptr)
        co_return control_error(501, "no service stands behind this sandbox");
    int status = 503;
    std::string problem;
    try {
        HttpResponse response = control_answer(nullptr);
        response.body = co_await ask_backstage(std::move(request), std::move(route));
        co_return response;
    } catch (const Unavailable& e) {
        problem = e.what();
    } catch (const std::invalid_argument& e) {
        status = 400;
        problem = e.what();
    }
    co_return control_error(status, problem);
}

Async<std::string> ControlApi::ask_backstage(HttpRequest request, std::string route) {
    if (route == "GET backstage/story") {
        const auto user = number_from(parameter(request, "user"));
        if (!user) throw std::invalid_argument("user must be a number");
        co_return co_await backstage_->story(*user);
    }
    const auto body = body_of(request);
    if (!body) throw std::invalid_argument(body.error().message);
    auto action = string_in(*body, "action").value_or("");
    auto argument = string_in(*body, "argument").value_or("");
    co_return co_await backstage_->act(std::move(action), std::move(argument));
}

}  // namespace mlbilling::sandbox
