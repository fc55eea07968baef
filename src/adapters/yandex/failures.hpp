#pragma once

#include <boost/json/fwd.hpp>
#include <optional>

#include "adapters/http_client/http_call.hpp"
#include "ports/speech.hpp"

namespace mlbilling::yandex {

/// What an answer that is not 200 means: by its status, as Yandex advises, since its texts may
/// change. The detail has the message of any of its three error shapes, and the ids that its
/// support asks for.
ProviderFailure failure_of(const HttpAnswer& answer);

/// The error in a message of a stream that began well: `{"error": {"grpcCode", "message"}}`.
std::optional<ProviderFailure> failure_in(const boost::json::object& message);

/// The error of an operation that came to nothing: `{"code", "message"}`, a gRPC status.
ProviderFailure failure_of_operation(const boost::json::object& error);

/// Our own quota is used up for so long, and then the call takes about `work`.
ProviderFailure out_of_quota(std::string_view quota, Duration wait, Duration work = Duration(0));

/// Why there was no answer at all.
ProviderFailure failure_of(const HttpFailure& failure);

}  // namespace mlbilling::yandex
