#pragma once

#include "adapters/http_server/http_message.hpp"
#include "ports/clock.hpp"
#include "sandbox/faults.hpp"

namespace mlbilling::sandbox {

/// What a call gets that the fault keeps from having its effect. The clock lives as long as the
/// sandbox.
Async<HttpResponse> instead_of_answer(Fault fault, Clock* clock);

/// What becomes of the answer of a call that had its effect in spite of the fault.
Async<HttpResponse> instead_of(Fault fault, HttpResponse answer, Clock* clock);

}  // namespace mlbilling::sandbox
