#include "standin/standin.hpp"

#include "standin/bytes.hpp"
#include "standin/control.hpp"
#include "standin/failure.hpp"
#include "standin/fault_answers.hpp"

namespace mlbilling::standin {
namespace {

HttpLimits limits() {
    HttpLimits limits;
    // Larger than what the providers take, so that they themselves refuse what is too large.
    limits.max_body = std::uint64_t{100} * 1024 * 1024;
    limits.max_all_bodies = std::uint64_t{512} * 1024 * 1024;
    limits.max_connections = 10'000;
    return limits;
}

std::optional<HttpResponse> refusal_of_host(const Call& call) {
    if (host_serves(call.request.header("host"), call.endpoint)) return std::nullopt;
    return plain_answer(404, "404 page not found");
}

}  // namespace

ProviderStandin::ProviderStandin(boost::asio::any_io_executor executor, Clock& clock,
                                 Random& random, Options options)
    : settings(options.settings),
      access(options.credentials, clock, random),
      tokens(access, clock),
      host_(options.host),
      clock_(clock),
      latency_(options.latency),
      synthesis_(tones_, settings, access),
      recognition_(settings, clock, random),
      openai_(tones_, settings),
      server_(
          std::move(executor), options.host, options.port,
          [this](HttpRequest request) { return answer(std::move(request)); }, limits()) {}

std::string ProviderStandin::url() const {
    return "http://" + host_ + ":" + std::to_string(port());
}

Async<HttpResponse> ProviderStandin::answer(HttpRequest request) {
    if (request.path.starts_with("/control/")) co_return control(*this, request);
    const auto endpoint = endpoint_of(request.method, request.path);
    if (!endpoint) co_return plain_answer(404, "404 page not found");
    Call call;
    call.request = std::move(request);
    call.endpoint = *endpoint;
    co_return co_await answer_call(std::move(call));
}

Async<HttpResponse> ProviderStandin::answer_call(Call call) {
    const auto fault = faults.strike(call.endpoint);
    Duration delay{};
    HttpResponse response;
    if (fault && !fault->has_effect()) {
        response = instead_of_effect(*fault, call.endpoint);
        delay = fault->delay;
    } else {
        call.silent = fault && fault->kind == Fault::Kind::silence;
        call.fails_later = fault && fault->kind == Fault::Kind::failed_operation;
        response = carried_out(call);
        if (fault) response = spoilt(*fault, std::move(response));
        if (fault && fault->kind == Fault::Kind::slow) delay = fault->delay;
    }
    delay += delay_of(call);
    response.headers.emplace_back("x-request-id", uuid());
    response.headers.emplace_back("x-server-trace-id", hex(dice_()) + ":" + hex(dice_()));
    // Before the pause: a provider that is slow bills all the same.
    note(call, response, fault);
    if (delay > Duration(0)) co_await clock_.sleep(delay);
    co_return response;
}

HttpResponse ProviderStandin::carried_out(Call& call) {
    auto refusal = refusal_of_host(call);
    if (!refusal) refusal = access.refusal(call);
    if (refusal) return *std::move(refusal);
    if (!quotas_.admit(call.endpoint, settings, clock_.now()))
        return failure(call.endpoint, Trouble::resource_exhausted, "Quota limit exceeded");
    switch (call.endpoint) {
        case Endpoint::synthesis_v1: return synthesis_.v1(call);
        case Endpoint::synthesis_v3: return synthesis_.v3(call);
        case Endpoint::recognition_v1: return recognition_.v1(call);
        case Endpoint::recognition_v3: return recognition_.submit(call);
        case Endpoint::operation: return recognition_.operation(call);
        case Endpoint::transcript: return recognition_.transcript(call);
        case Endpoint::removal: return recognition_.remove(call);
        case Endpoint::token: return tokens.exchange(call);
        case Endpoint::metadata: return tokens.of_virtual_machine();
        case Endpoint::openai_speech: return openai_.speech(call);
        case Endpoint::openai_transcription: return openai_.transcription(call);
        case Endpoint::openai_models: return OpenAi::models();
    }
    return plain_answer(404, "404 page not found");
}

Duration ProviderStandin::delay_of(const Call& call) {
    const auto found = latencies.find(call.endpoint);
    const auto latency = found == latencies.end() ? latency_ : found->second;
    if (latency.sigma > 0) return lognormal(latency, call.fingerprint);
    if (latency.jitter <= Duration(0)) return latency.base;
    const auto span = static_cast<std::uint64_t>(latency.jitter.count()) + 1;
    return latency.base + Duration(static_cast<std::int64_t>(dice_() % span));
}

void ProviderStandin::note(const Call& call, const HttpResponse& response,
                           const std::optional<Fault>& fault) {
    const bool answered = response.connection != HttpResponse::Connection::drop_before_answer;
    Record::Entry entry{.endpoint = call.endpoint,
                        .at = clock_.now(),
                        .status = answered ? response.status : 0,
                        .paid = call.paid,
                        .fingerprint = call.fingerprint,
                        .summary = call.summary,
                        .fault = fault ? std::string(name_of(fault->kind)) : "",
                        .client_request_id = call.request.header("x-client-request-id"),
                        .request_body = {},
                        .answer_body = {}};
    if (settings.keep_bodies) {
        entry.request_body = call.request.body;
        entry.answer_body = response.body;
    }
    record.add(std::move(entry));
}

std::string ProviderStandin::uuid() {
    const auto text = hex(dice_()) + hex(dice_());
    return text.substr(0, 8) + "-" + text.substr(8, 4) + "-4" + text.substr(13, 3) + "-8" +
           text.substr(17, 3) + "-" + text.substr(20);
}

}  // namespace mlbilling::standin
