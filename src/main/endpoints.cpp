#include "main/endpoints.hpp"

#include <boost/json.hpp>

#include "adapters/telegram/bot_token.hpp"
#include "base/check.hpp"
#include "base/log.hpp"
#include "base/unavailable.hpp"

namespace mlbilling {
namespace {

constexpr std::string_view webhook_path = "/telegram/webhook";

HttpResponse json_answer(int status, const boost::json::object& body) {
    HttpResponse response;
    response.status = status;
    response.content_type = "application/json";
    response.body = boost::json::serialize(body) + "\n";
    return response;
}

}  // namespace

std::optional<std::string> trouble_with(const LedgerState& ledger) {
    if (!ledger.failure) return std::nullopt;
    return "ledger: the books could not be checked: " + *ledger.failure;
}

void Endpoints::take_updates(const Webhook& webhook, const std::string& token,
                             telegram::UpdateReceiver& receiver) {
    const auto bot = telegram::bot_id_of(token);
    CHECK(bot.has_value());
    webhook_.emplace(webhook.secret, *bot, receiver);
}

Async<HttpResponse> Endpoints::answer(HttpRequest request) {
    if (webhook_ && request.path == webhook_path)
        co_return co_await webhook_->answer(std::move(request));
    if (request.method != "GET") co_return plain_answer(405, "only GET");
    if (request.path == "/healthz") co_return plain_answer(200, "ok");
    if (request.path == "/readyz") co_return co_await ready();
    if (request.path == "/metrics") co_return co_await metrics();
    co_return plain_answer(404, "not found; try /healthz, /readyz or /metrics");
}

Async<std::optional<Statistics>> Endpoints::statistics() {
    try {
        co_return co_await store_.statistics();
    } catch (const Unavailable& error) {
        log::warning("the database does not answer", {{"reason", error.what()}});
    }
    co_return std::nullopt;
}

Async<HttpResponse> Endpoints::ready() {
    auto reason = why_not_ready_();
    const bool answers = co_await note_backup();
    if (!answers) reason = "database: does not answer";
    if (!reason) co_return json_answer(200, {{"ready", true}});
    co_return json_answer(503, {{"ready", false}, {"reason", *reason}});
}

Async<bool> Endpoints::note_backup() {
    try {
        if (const auto last = co_await store_.last_backup()) metrics_.backed_up(*last);
        co_return true;
    } catch (const Unavailable& error) {
        log::warning("the database does not answer", {{"reason", error.what()}});
    }
    co_return false;
}

Async<HttpResponse> Endpoints::metrics() {
    const auto sums = co_await statistics();
    if (sums) co_await note_backup();
    HttpResponse response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    const auto ledger = ledger_();
    if (ledger.checked_at) metrics_.ledger_checked(*ledger.violations, *ledger.checked_at);
    metrics_.ledger_check_failing(ledger.failure.has_value());
    response.body = metrics_.text(sums);
    co_return response;
}

}  // namespace mlbilling
