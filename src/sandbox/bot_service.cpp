#include "sandbox/bot_service.hpp"

#include <charconv>

#include "sandbox/fault_answers.hpp"
#include "sandbox/methods.hpp"
#include "sandbox/text.hpp"

namespace mlbilling::sandbox {
namespace {

constexpr std::string_view call_prefix = "/bot";
constexpr std::string_view file_prefix = "/file/bot";
constexpr std::size_t longest_token = 80;

HttpResponse to_http(const Answer& answer) {
    HttpResponse response;
    response.status = answer.status;
    response.content_type = "application/json";
    response.body = answer.body;
    if (answer.retry_after > 0) {
        response.headers.emplace_back("Retry-After", std::to_string(answer.retry_after));
    }
    return response;
}

}  // namespace

std::optional<std::int64_t> bot_of_token(const std::string& token) {
    const auto colon = token.find(':');
    if (token.size() > longest_token || colon == std::string::npos || token.starts_with('0'))
        return std::nullopt;
    if (colon + 1 == token.size()) return std::nullopt;
    std::int64_t id = 0;
    const auto* const end = token.data() + colon;
    const auto [stop, error] = std::from_chars(token.data(), end, id);
    const bool fits = error == std::errc() && stop == end && id > 0 && id < (std::int64_t{1} << 52);
    return fits ? std::optional(id) : std::nullopt;
}

BotService::BotService(State& state, Clock& clock)
    : state_(state), clock_(clock), poller_(state, clock) {}

bool BotService::owns(const std::string& path) {
    return path.starts_with(call_prefix) || path.starts_with(file_prefix);
}

Async<HttpResponse> BotService::handle(HttpRequest request) {
    const bool is_file = request.path.starts_with(file_prefix);
    const auto rest = request.path.substr(is_file ? file_prefix.size() : call_prefix.size());
    const auto slash = rest.find('/');
    if (slash == std::string::npos) co_return to_http(failure(404, "Not Found"));
    const auto bot = bot_of_token(rest.substr(0, slash));
    if (!bot) co_return to_http(failure(401, "Unauthorized: invalid token specified"));
    const auto name = rest.substr(slash + 1);

    const auto fault = state_.faults.strike(is_file ? "download" : lower_case(name));
    if (fault && !fault->has_effect()) co_return co_await instead_of_answer(*fault, &clock_);
    HttpResponse response;
    if (is_file) {
        response = download(name);
    } else {
        response = co_await call(std::move(request), *bot, lower_case(name));
    }
    if (fault) co_return co_await instead_of(*fault, std::move(response), &clock_);
    co_return response;
}

Async<HttpResponse> BotService::call(HttpRequest request, std::int64_t bot, std::string method) {
    const Method known = method_named(method);
    const bool polls = method == "getupdates";
    if (known == nullptr && !polls) co_return to_http(failure(404, "Not Found: method not found"));
    auto parameters = read_parameters(request);
    if (!parameters) co_return to_http(parameters.error());
    request.body = std::string();
    Call call;
    call.bot = bot;
    call.now = clock_.now();
    call.parameters = std::move(*parameters);
    if (!polls) co_return to_http(known(state_, call));
    const auto answer = co_await poller_.get_updates(std::move(call));
    co_return to_http(answer);
}

HttpResponse BotService::download(const std::string& path) const {
    const auto stored = state_.files.by_path(path);
    if (!stored) return to_http(failure(404, "Not Found"));
    HttpResponse response;
    response.content_type = "application/octet-stream";
    response.body = *stored->bytes;
    return response;
}

}  // namespace mlbilling::sandbox
