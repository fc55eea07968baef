#pragma once

#include "standin/failure.hpp"
#include "standin/faults.hpp"

namespace mlbilling::standin {

/// The answer of a call that has no effect.
HttpResponse instead_of_effect(const Fault& fault, Endpoint endpoint);

/// What becomes of an answer that was good. Delays before it are the caller's.
HttpResponse spoilt(const Fault& fault, HttpResponse answer);

}  // namespace mlbilling::standin
