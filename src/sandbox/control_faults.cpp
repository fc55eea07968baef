#include <boost/json.hpp>

#include "sandbox/control_routes.hpp"
#include "sandbox/page_json.hpp"
#include "sandbox/text.hpp"

namespace mlbilling::sandbox {

namespace json = boost::json;

HttpResponse add_fault(State& state, const ControlCall& call) {
    const auto body = body_of(call.request);
    if (!body) return control_error(400, body.error().message);
    const auto kind = fault_named(string_in(*body, "kind").value_or(""));
    if (!kind) {
        return control_error(
            400,
            "kind must be 429, 403, 400, 500, 502html, timeout, stall, drop_before, "
            "drop_after or truncate");
    }
    const auto count = number_in(*body, "count").value_or(1);
    const auto retry_after = number_in(*body, "retry_after").value_or(1);
    const auto delay = number_in(*body, "delay_ms").value_or(0);
    constexpr std::int64_t most = 100'000'000;
    if (count > most || count < 0 || retry_after > most || retry_after < 0 || delay > most ||
        delay < 0) {
        return control_error(400, "count, retry_after or delay_ms is out of range");
    }
    Fault fault;
    fault.method = lower_case(string_in(*body, "method").value_or(""));
    fault.kind = *kind;
    fault.count = static_cast<int>(count);
    fault.retry_after = static_cast<int>(retry_after);
    fault.description = string_in(*body, "description").value_or("");
    fault.delay = Duration(delay);
    const auto added = state.faults.add(std::move(fault));
    if (!added) return control_error(400, added.error().message);
    return control_answer(fault_view(*added));
}

HttpResponse list_faults(State& state, const ControlCall& /*call*/) {
    json::array out;
    for (const auto& fault : state.faults.all()) out.push_back(fault_view(fault));
    return control_answer(std::move(out));
}

HttpResponse clear_faults(State& state, const ControlCall& /*call*/) {
    state.faults.clear();
    return control_answer(json::object{{"ok", true}});
}

}  // namespace mlbilling::sandbox
