#include "main/service_account_file.hpp"

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

namespace mlbilling {
namespace {

constexpr std::size_t largest_file = 64 * 1024;
constexpr std::string_view first_line_of_pem = "-----BEGIN ";

std::string text_of(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_string()) return {};
    return std::string(value->get_string());
}

}  // namespace

Result<yandex::ServiceAccountKey> read_service_account_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return Problem{"names a file that cannot be read: " + path};
    const std::string content((std::istreambuf_iterator<char>(file)), {});
    boost::system::error_code error;
    const auto parsed = content.size() > largest_file ? boost::json::value()
                                                      : boost::json::parse(content, error);
    if (error || !parsed.is_object()) return Problem{"names a file that is not JSON: " + path};
    const auto& object = parsed.get_object();
    yandex::ServiceAccountKey key{text_of(object, "id"), text_of(object, "service_account_id"),
                                  text_of(object, "private_key")};
    // Yandex puts a line of warning before the key itself.
    const auto pem = key.private_key.find(first_line_of_pem);
    if (key.id.empty() || key.service_account.empty() || pem == std::string::npos)
        return Problem{"names a file without id, service_account_id and private_key: " + path};
    key.private_key.erase(0, pem);
    return key;
}

}  // namespace mlbilling
