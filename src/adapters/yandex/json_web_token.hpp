#pragma once

#include <string>
#include <string_view>

#include "adapters/yandex/options.hpp"
#include "base/result.hpp"

namespace mlbilling::yandex {

/// Reads the file that `yc iam key create` writes. The problem never repeats what is in it.
Result<ServiceAccountKey, Problem> parse_service_account_key(std::string_view json);

/// With which a service account asks for an IAM token: signed by PS256 with a salt of 32 bytes, and
/// good for an hour (https://yandex.cloud/docs/iam/operations/iam-token/create-for-sa). The key
/// must be one that parse_service_account_key() accepted.
std::string signed_token(const ServiceAccountKey& key, Time now);

}  // namespace mlbilling::yandex
