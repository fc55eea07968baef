#include "standin/access.hpp"

#include "standin/failure.hpp"

namespace mlbilling::standin {
namespace {

constexpr std::string_view bearer = "Bearer ";
constexpr std::string_view api_key = "Api-Key ";

std::string folder_in(const Call& call) {
    const bool v1 =
        call.endpoint == Endpoint::synthesis_v1 || call.endpoint == Endpoint::recognition_v1;
    // The form of a synthesis is read by its handler, which asks again.
    return v1 ? call.query("folderId") : call.request.header("x-folder-id");
}

}  // namespace

std::string Access::random_letters(std::size_t count) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    while (text.size() < count) text += letters[random_.next() % letters.size()];
    return text;
}

std::string Access::issue(bool of_user_account, Duration lifetime) {
    // The form that Yandex documents: t1.<some letters>.<86 letters>.
    auto token = "t1." + random_letters(60) + "." + random_letters(86);
    tokens_[token] = {of_user_account, clock_.now() + lifetime};
    return token;
}

void Access::expire_tokens() {
    for (auto& [text, token] : tokens_) token.expires = clock_.now();
}

std::optional<HttpResponse> Access::refusal(const Call& call) const {
    switch (call.endpoint) {
        case Endpoint::token: return std::nullopt;
        case Endpoint::metadata:
            if (call.request.header("metadata-flavor") == "Google") return std::nullopt;
            return failure(call.endpoint, Trouble::permission_denied,
                           "Missing Metadata-Flavor:Google header");
        case Endpoint::openai_speech:
        case Endpoint::openai_transcription:
        case Endpoint::openai_models: return refusal_by_openai(call);
        default: break;
    }
    const auto header = call.request.header("authorization");
    if (header.starts_with(bearer)) return refusal_of_token(call, header.substr(bearer.size()));
    if (!header.starts_with(api_key))
        return failure(call.endpoint, Trouble::unauthenticated,
                       "rpc error: code = Unauthenticated desc = Authorization header is missing");
    if (header.substr(api_key.size()) != credentials_.api_key)
        return failure(call.endpoint, Trouble::unauthenticated, "Unknown api key");
    return refusal_of_folder(call, false);
}

std::optional<HttpResponse> Access::refusal_of_token(const Call& call,
                                                     const std::string& token) const {
    if (token == credentials_.iam_token) return refusal_of_folder(call, false);
    const auto found = tokens_.find(token);
    if (found == tokens_.end())
        return failure(call.endpoint, Trouble::unauthenticated, "The token is invalid");
    if (clock_.now() >= found->second.expires)
        return failure(call.endpoint, Trouble::unauthenticated, "The token has expired");
    return refusal_of_folder(call, found->second.of_user_account);
}

std::optional<HttpResponse> Access::refusal_of_folder(const Call& call,
                                                      bool of_user_account) const {
    if (call.endpoint == Endpoint::operation) return std::nullopt;
    const auto folder = folder_in(call);
    const auto& own = credentials_.folder;
    if (of_user_account && call.endpoint == Endpoint::recognition_v3)
        return failure(call.endpoint, Trouble::permission_denied,
                       "Asynchronous recognition needs a service account");
    const bool form = call.endpoint == Endpoint::synthesis_v1 && folder.empty();
    if (of_user_account && folder.empty() && !form)
        return failure(call.endpoint, Trouble::unauthenticated,
                       "rpc error: code = Unauthenticated desc = You have to specify folder ID for "
                       "user account");
    if (!folder.empty() && folder != own)
        return failure(call.endpoint, Trouble::invalid_argument,
                       "Specified folder ID '" + folder +
                           "' does not match with service account folder ID '" + own + "'");
    return std::nullopt;
}

std::optional<HttpResponse> Access::refusal_by_openai(const Call& call) const {
    if (credentials_.openai_key.empty()) return std::nullopt;
    const auto header = call.request.header("authorization");
    if (header.empty())
        return openai_failure(401, "You didn't provide an API key.", "invalid_request_error", "",
                              "");
    if (header == std::string(bearer) + credentials_.openai_key) return std::nullopt;
    return openai_failure(401, "Incorrect API key provided.", "invalid_request_error", "",
                          "invalid_api_key");
}

}  // namespace mlbilling::standin
