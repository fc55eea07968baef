#pragma once

#include "adapters/http_server/http_message.hpp"

namespace mlbilling::standin {

class ProviderStandin;

/// The stand-in's own interface; bodies are JSON. A problem is 400 with `error`.
///
///     POST   /control/faults          {"endpoint":"synthesis_v3","kind":"429","count":3,
///                                      "retry_after":2}; `endpoint` "*" is any; instead of `count`
///                                     a "rate" of 0..1 with a "seed"; "delay_ms" for slow,
///                                     slow_body. Kinds: 401 403 429 500 503 504 slow slow_body
///                                     truncated error_line silence empty dropped dropped_after
///                                     failed_operation
///     DELETE /control/faults
///     POST   /control/latency         {"endpoint":"*","milliseconds":150,"jitter":20}; with a
///                                     "sigma" above 0 lognormal, the milliseconds its median
///     POST   /control/settings        any of the fields of Settings, by their names
///     GET    /control/record          the last 20,000 calls; with bodies where `keep_bodies` is
///     set GET    /control/summary         calls by endpoint, what was paid for, and what twice
///     DELETE /control/record
///     GET    /control/authorized-key  the key file of the service account
///     POST   /control/expire-tokens   every token that was issued expires now
HttpResponse control(ProviderStandin& standin, const HttpRequest& request);

}  // namespace mlbilling::standin
