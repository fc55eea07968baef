#include "standin/control.hpp"

#include <boost/json.hpp>

#include "standin/failure.hpp"
#include "standin/standin.hpp"
#include "standin/strict_json.hpp"

namespace mlbilling::standin {
namespace {

namespace json = boost::json;

HttpResponse wrong(std::string_view what) {
    auto response = json_answer(json::serialize(json::object{{"error", what}}));
    response.status = 400;
    return response;
}

HttpResponse done() { return json_answer("{}"); }

std::string text_in(const json::object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

double number_in(const json::object& body, std::string_view name, double otherwise) {
    const auto* value = body.if_contains(name);
    return value != nullptr && value->is_number() ? value->to_number<double>() : otherwise;
}

Duration span_in(const json::object& body, std::string_view name) {
    return Duration(static_cast<std::int64_t>(number_in(body, name, 0)));
}

HttpResponse add_fault(ProviderStandin& standin, const json::object& body) {
    const auto kind = fault_named(text_in(body, "kind"));
    const auto endpoint = endpoint_named(text_in(body, "endpoint"));
    if (!kind) return wrong("no such kind of fault");
    if (!endpoint && text_in(body, "endpoint") != "*") return wrong("no such endpoint");
    Fault fault{.endpoint = endpoint, .kind = *kind};
    fault.count = static_cast<int>(number_in(body, "count", 1));
    fault.rate = number_in(body, "rate", 0);
    fault.retry_after = static_cast<int>(number_in(body, "retry_after", 0));
    fault.delay = span_in(body, "delay_ms");
    if (fault.rate < 0 || fault.rate > 1 || fault.count < 1) return wrong("rate or count");
    standin.faults.add(fault, static_cast<std::uint64_t>(number_in(body, "seed", 1)));
    return done();
}

HttpResponse set_latency(ProviderStandin& standin, const json::object& body) {
    const Latency latency{span_in(body, "milliseconds"), span_in(body, "jitter"),
                          number_in(body, "sigma", 0)};
    if (latency.sigma < 0) return wrong("sigma");
    const auto name = text_in(body, "endpoint");
    const auto endpoint = endpoint_named(name);
    if (!endpoint && name != "*") return wrong("no such endpoint");
    if (endpoint) {
        standin.latencies[*endpoint] = latency;
    } else {
        standin.latencies.clear();
        standin.set_latency(latency);
    }
    return done();
}

HttpResponse set_formats(Settings& settings, const json::value& value) {
    if (!value.is_array()) return wrong("openai_formats must be a list");
    settings.openai_formats.clear();
    for (const auto& format : value.get_array())
        if (format.is_string()) settings.openai_formats.emplace(format.get_string());
    return done();
}

HttpResponse change_settings(Settings& settings, const json::object& body) {
    const std::map<std::string_view, int*> numbers{
        {"polls", &settings.polls},
        {"synthesis_per_second", &settings.synthesis_per_second},
        {"recognition_per_second", &settings.recognition_per_second},
        {"submissions_per_hour", &settings.submissions_per_hour},
        {"polls_per_second", &settings.polls_per_second}};
    const std::map<std::string_view, bool*> flags{{"chained_pieces", &settings.chained_pieces},
                                                  {"enforce_quotas", &settings.enforce_quotas},
                                                  {"keep_bodies", &settings.keep_bodies}};
    for (const auto& member : body) {
        const std::string_view name = member.key();
        const auto& value = member.value();
        if (numbers.contains(name) && value.is_int64() && value.get_int64() >= 0)
            *numbers.at(name) = static_cast<int>(value.get_int64());
        else if (flags.contains(name) && value.is_bool())
            *flags.at(name) = value.get_bool();
        else if (name == "chunk_bytes" && value.is_int64() && value.get_int64() > 0)
            settings.chunk_bytes = static_cast<std::size_t>(value.get_int64());
        else if (name == "openai_formats")
            return set_formats(settings, value);
        else
            return wrong("no such setting, or no such value of it: " + std::string(name));
    }
    return done();
}

}  // namespace

HttpResponse control(ProviderStandin& standin, const HttpRequest& request) {
    const auto call = request.method + " " + request.path;
    if (call == "GET /control/record") return json_answer(standin.record.calls());
    if (call == "GET /control/summary") return json_answer(standin.record.summary());
    if (call == "GET /control/authorized-key")
        return json_answer(standin.tokens.account().key_file());
    if (call == "DELETE /control/record") {
        standin.record.clear();
        return done();
    }
    if (call == "DELETE /control/faults") {
        standin.faults.clear();
        return done();
    }
    if (call == "POST /control/expire-tokens") {
        standin.access.expire_tokens();
        return done();
    }
    const auto body = parse_strictly(request.body);
    if (!body) return wrong(body.error().message);
    if (call == "POST /control/faults") return add_fault(standin, *body);
    if (call == "POST /control/latency") return set_latency(standin, *body);
    if (call == "POST /control/settings") return change_settings(standin.settings, *body);
    auto response = wrong("no such call");
    response.status = 404;
    return response;
}

}  // namespace mlbilling::standin
