#include "standin/tokens.hpp"

#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <ctime>

#include "standin/failure.hpp"
#include "standin/strict_json.hpp"

namespace mlbilling::standin {
namespace {

namespace json = boost::json;

std::string text_in(const json::object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

}  // namespace

std::string nanosecond_time(Time time) {
    const auto milliseconds = time.time_since_epoch().count();
    const auto seconds = static_cast<std::time_t>(milliseconds / 1'000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 64> date{};
    const auto size = std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    auto fraction = std::to_string(1'000 + milliseconds % 1'000).substr(1);
    return std::string(date.data(), size) + "." + fraction + "456789Z";
}

HttpResponse Tokens::exchange(const Call& call) {
    const auto refused = [&](Trouble trouble, std::string_view message) {
        return failure(Endpoint::token, trouble, message);
    };
    const auto body = parse_strictly(call.request.body);
    if (!body) return refused(Trouble::invalid_argument, body.error().message);
    const auto jwt = text_in(*body, "jwt");
    const auto oauth = text_in(*body, "yandexPassportOauthToken");
    if (body->size() != 1 || jwt.empty() == oauth.empty())
        return refused(Trouble::invalid_argument,
                       "exactly one of jwt and yandexPassportOauthToken expected");
    if (!oauth.empty()) {
        if (oauth != access_.credentials().oauth_token)
            return refused(Trouble::unauthenticated, "OAuth token is invalid or expired");
        return issued(true);
    }
    const auto genuine = account_.verify(jwt, clock_.now());
    if (!genuine) return refused(Trouble::unauthenticated, genuine.error().message);
    return issued(false);
}

HttpResponse Tokens::issued(bool of_user_account) {
    const auto expires = nanosecond_time(clock_.now() + lifetime_);
    return json_answer(json::serialize(json::value{
        {"iamToken", access_.issue(of_user_account, lifetime_)}, {"expiresAt", expires}}));
}

HttpResponse Tokens::of_virtual_machine() {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(lifetime_).count();
    return json_answer(
        json::serialize(json::value{{"access_token", access_.issue(false, lifetime_)},
                                    {"expires_in", seconds},
                                    {"token_type", "Bearer"}}));
}

}  // namespace mlbilling::standin
