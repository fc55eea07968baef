#include "main/service_account_file.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "adapters/yandex/json_web_token.hpp"

namespace mlbilling {
namespace {

constexpr std::size_t largest_file = 64 * 1024;

}  // namespace

Result<yandex::ServiceAccountKey> read_service_account_file(const std::string& path) {
    std::error_code ignored;
    std::ifstream file(path, std::ios::binary);
    if (!file || !std::filesystem::is_regular_file(path, ignored))
        return Problem{"names a file that cannot be read: " + path};
    const std::string content((std::istreambuf_iterator<char>(file)), {});
    if (content.size() > largest_file) return Problem{"names a file that is too large: " + path};
    auto key = yandex::parse_service_account_key(content);
    if (!key) return Problem{"names a file that is no key (" + key.error().message + "): " + path};
    return key;
}

}  // namespace mlbilling
