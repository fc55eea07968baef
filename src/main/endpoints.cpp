#include "main/endpoints.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <vector>

#include "base/redaction.hpp"
#include "ports/all.hpp"

namespace mlbilling {
namespace {

constexpr std::array<std::string_view, 3> paths{"/healthz", "/readyz", "/metrics"};
/// Sums over tables: not for every scrape anew. What probes ask costs little.
constexpr Duration sums_good_for{2'000};
constexpr Duration database_good_for{500};
/// Leaves time for the rest of an answer that must come within 2 s.
constexpr Duration patience{1'500};

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

Endpoints::Questions questions_to(Store& store) {
    return {[&store] { return store.statistics(); }, [&store] { return store.last_backup(); }};
}

Endpoints::Endpoints(Questions questions, Clock& clock, prometheus_text::PrometheusMetrics& metrics,
                     WhyNotReady why_not_ready, Ledger ledger)
    : metrics_(metrics),
      why_not_ready_(std::move(why_not_ready)),
      ledger_(std::move(ledger)),
      sums_(clock, "the sums for the metrics are not read", std::move(questions.statistics),
            {.good_for = sums_good_for, .patience = patience}),
      last_backup_(clock, "the database does not answer a probe", std::move(questions.last_backup),
                   {.good_for = database_good_for, .patience = patience}) {}

Async<void> Endpoints::run() {
    std::vector<Async<void>> loops;
    loops.push_back(sums_.run());
    loops.push_back(last_backup_.run());
    co_await all(std::move(loops));
}

void Endpoints::stop() {
    sums_.stop();
    last_backup_.stop();
}

// Paths are compared as they were sent, so that a proxy in front and this process never disagree
// about what is asked for.
HttpAdmission Endpoints::admit(const HttpRequest& head) {
    if (std::ranges::find(paths, head.raw_path()) == paths.end())
        return HttpAdmission::refuse(
            plain_answer(404, "not found; try /healthz, /readyz or /metrics"));
    if (head.method == "GET") return {.refusal = std::nullopt, .max_body = 0};
    auto refusal = plain_answer(405, "only GET");
    refusal.headers.emplace_back("Allow", "GET, HEAD");
    return HttpAdmission::refuse(std::move(refusal));
}

Async<HttpResponse> Endpoints::answer(HttpRequest request) {
    if (request.raw_path() == "/readyz") co_return co_await ready();
    if (request.raw_path() == "/metrics") co_return co_await metrics();
    co_return plain_answer(200, "ok");
}

Async<HttpResponse> Endpoints::ready() {
    const bool answers = co_await last_backup_.is_known();
    note_backup();
    auto reason = why_not_ready_();
    if (!answers) reason = "database: does not answer";
    if (!reason) co_return json_answer(200, {{"ready", true}});
    co_return json_answer(503, {{"ready", false}, {"reason", log::without_secrets(*reason)}});
}

void Endpoints::note_backup() {
    const auto& known = last_backup_.value();
    if (known && *known) metrics_.backed_up(**known);
}

Async<HttpResponse> Endpoints::metrics() {
    last_backup_.want();
    // A database that does not answer the one does not answer the other.
    const bool answers = co_await sums_.is_known();
    if (answers) co_await last_backup_.is_known();
    note_backup();
    metrics_.statistics_age(sums_.age());
    HttpResponse response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    const auto ledger = ledger_();
    if (ledger.checked_at) metrics_.ledger_checked(*ledger.violations, *ledger.checked_at);
    metrics_.ledger_check_failing(ledger.failure.has_value());
    response.body = metrics_.text(sums_.value());
    co_return response;
}

}  // namespace mlbilling
