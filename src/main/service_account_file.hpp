#pragma once

#include <string>

#include "adapters/yandex/options.hpp"
#include "base/result.hpp"

namespace mlbilling {

/// Reads an authorized key of a service account as Yandex Cloud hands it out: JSON with id,
/// service_account_id and private_key (yandex.md 5). The problem never shows the file's content.
Result<yandex::ServiceAccountKey> read_service_account_file(const std::string& path);

}  // namespace mlbilling
