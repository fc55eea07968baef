#include "sandbox/answer.hpp"

#include <boost/json.hpp>

namespace mlbilling::sandbox {

namespace json = boost::json;

Answer success(const std::string& result) {
    return {200, R"({"ok":true,"result":)" + result + "}", 0};
}

Answer failure(int status, const std::string& description) {
    const json::object body{{"ok", false}, {"error_code", status}, {"description", description}};
    return {status, json::serialize(body), 0};
}

Answer too_many_requests(int retry_after, const std::string& description) {
    const json::object body{{"ok", false},
                            {"error_code", 429},
                            {"description", description},
                            {"parameters", json::object{{"retry_after", retry_after}}}};
    return {429, json::serialize(body), retry_after};
}

}  // namespace mlbilling::sandbox
