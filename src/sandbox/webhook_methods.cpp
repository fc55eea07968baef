#include <algorithm>
#include <boost/json.hpp>
#include <chrono>

#include "sandbox/methods.hpp"

namespace mlbilling::sandbox {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_url = 2048;
constexpr std::size_t longest_secret = 256;
constexpr auto shortest_pause = std::chrono::seconds(1);

bool is_address(const std::string& url) {
    const auto is_odd = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; };
    const bool web = url.starts_with("https://") || url.starts_with("http://");
    return web && url.size() <= longest_url && std::ranges::none_of(url, is_odd);
}

bool is_secret(const std::string& secret) {
    return secret.size() <= longest_secret && std::ranges::all_of(secret, [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-';
           });
}

void drop_pending(State& state, const Call& call) {
    if (call.parameters.flag("drop_pending_updates")) state.updates.clear();
}

}  // namespace

Answer set_webhook(State& state, const Call& call) {
    Webhook webhook;
    webhook.url = call.parameters.text("url");
    if (webhook.url.empty()) return delete_webhook(state, call);
    if (!state.delivers_webhooks)
        return bad_request("bad webhook: this sandbox does not deliver webhooks, use getUpdates");
    // As a real server started with --local, it takes http:// too.
    if (!is_address(webhook.url))
        return bad_request("bad webhook: An HTTPS URL must be provided for webhook");
    webhook.secret = call.parameters.text("secret_token");
    if (!is_secret(webhook.secret))
        return bad_request("secret token contains unallowed characters");
    if (call.now < state.next_webhook_at)
        return too_many_requests(1, "Too Many Requests: retry after 1");
    state.next_webhook_at = call.now + shortest_pause;
    webhook.bot = call.bot;
    webhook.max_connections = call.parameters.number_within("max_connections", 40, 1, 100);
    if (auto allowed = allowed_updates(call.parameters)) state.updates.allow(std::move(*allowed));
    drop_pending(state, call);
    state.webhook = std::move(webhook);
    state.updates.tell_watchers();
    return success("true");
}

Answer delete_webhook(State& state, const Call& call) {
    drop_pending(state, call);
    state.webhook.reset();
    return success("true");
}

Answer get_webhook_info(State& state, const Call& call) {
    json::object out{{"url", state.webhook ? state.webhook->url : ""},
                     {"has_custom_certificate", false},
                     {"pending_update_count", state.updates.pending(call.now)}};
    if (state.webhook) {
        out["max_connections"] = state.webhook->max_connections;
        if (state.webhook->last_error_at) {
            const auto at = state.webhook->last_error_at->time_since_epoch();
            out["last_error_date"] = std::chrono::floor<std::chrono::seconds>(at).count();
            out["last_error_message"] = state.webhook->last_error;
        }
    }
    const auto& allowed = state.updates.allowed();
    if (!allowed.empty()) out["allowed_updates"] = json::array(allowed.begin(), allowed.end());
    return success(json::serialize(out));
}

}  // namespace mlbilling::sandbox
