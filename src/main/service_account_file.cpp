#include "main/service_account_file.hpp"

#include <algorithm>
#include <string_view>

#include "adapters/yandex/json_web_token.hpp"
#include "base/log.hpp"
#include "main/small_file.hpp"

namespace mlbilling {
namespace {

/// What does not hold the key, such as a line's end or the words around it, is shorter.
constexpr std::size_t min_line = 32;

void redact(std::string_view pem) {
    while (!pem.empty()) {
        const auto line = pem.substr(0, pem.find('\n'));
        pem.remove_prefix(std::min(pem.size(), line.size() + 1));
        if (line.size() >= min_line) log::redact(std::string(line));
    }
}

}  // namespace

Result<yandex::ServiceAccountKey> read_service_account_file(const std::string& path) {
    const auto file = read_small_file(path);
    if (!file) return Problem{"names " + path + ", which " + file.error().message};
    auto key = yandex::parse_service_account_key(file->content);
    if (!key) return Problem{"names a file that is no key (" + key.error().message + "): " + path};
    redact(key->private_key);
    return key;
}

}  // namespace mlbilling
