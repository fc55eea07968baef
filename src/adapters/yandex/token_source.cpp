#include "adapters/yandex/token_source.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <chrono>
#include <utility>

#include "adapters/yandex/failures.hpp"
#include "adapters/yandex/json_stream.hpp"
#include "adapters/yandex/json_web_token.hpp"
#include "base/redaction.hpp"

namespace mlbilling::yandex {

namespace json = boost::json;
using Kind = ProviderFailure::Kind;

namespace {

/// "Request a new token more often, e.g. every hour" (IAM documentation, Lifetime).
constexpr Duration renewed_after{3'600'000};
/// A token is not used in its last minute: a call takes its time.
constexpr Duration margin{60'000};
constexpr Duration longest_renewal{10'000};
constexpr std::size_t largest_answer = 65'536;
constexpr std::size_t longest_token = 8'192;

const ProviderFailure too_late{Kind::busy, "no IAM token by the deadline", {}};

std::optional<int> number_in(std::string_view text, std::size_t at, std::size_t size) {
    int number = 0;
    const auto part = text.substr(std::min(at, text.size()), size);
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error != std::errc() || end != part.data() + part.size() || part.size() != size)
        return std::nullopt;
    return number;
}

bool has_separators(std::string_view text) {
    return text.size() >= 20 && text[4] == '-' && text[7] == '-' && text[10] == 'T' &&
           text[13] == ':' && text[16] == ':' && text.ends_with('Z');
}

/// Good for an hour (yandex.md 5): a server that echoes it must not bring it into the log.
std::string redacted(std::string token) {
    log::redact_passing(token);
    return token;
}

std::string bearer(const std::string& token) { return "Bearer " + token; }

/// Sets free whoever waits, also when the renewal is cut off.
struct Renewal {
    bool& under_way;
    Event& ended;

    Renewal(bool& flag, Event& event) : under_way(flag), ended(event) {
        under_way = true;
        ended.reset();
    }
    Renewal(const Renewal&) = delete;
    Renewal& operator=(const Renewal&) = delete;
    ~Renewal() {
        under_way = false;
        ended.set();
    }
};

}  // namespace

std::optional<Time> parse_expiry(std::string_view text) {
    if (!has_separators(text)) return std::nullopt;
    const auto fraction = text.substr(19, text.size() - 20);
    const bool whole = fraction.empty();
    if (!whole && (fraction.front() != '.' ||
                   fraction.find_first_not_of("0123456789", 1) != std::string_view::npos))
        return std::nullopt;
    const std::array<std::optional<int>, 6> parts{number_in(text, 0, 4),  number_in(text, 5, 2),
                                                  number_in(text, 8, 2),  number_in(text, 11, 2),
                                                  number_in(text, 14, 2), number_in(text, 17, 2)};
    for (const auto& part : parts)
        if (!part || *part < 0) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*parts[0]),
                                           std::chrono::month(static_cast<unsigned>(*parts[1])),
                                           std::chrono::day(static_cast<unsigned>(*parts[2]))};
    if (!date.ok() || *parts[3] > 23 || *parts[4] > 59 || *parts[5] > 60) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(*parts[3]) +
           std::chrono::minutes(*parts[4]) + std::chrono::seconds(*parts[5]);
}

Async<TokenSource::Authorization> TokenSource::authorization(Time deadline) {
    if (const auto* key = std::get_if<ApiKey>(&options_.credentials))
        co_return "Api-Key " + key->key;
    if (const auto* token = std::get_if<IamToken>(&options_.credentials))
        co_return bearer(token->token);
    co_return co_await current(deadline);
}

bool TokenSource::renounce(std::string_view authorization) {
    const bool renewable = !std::holds_alternative<ApiKey>(options_.credentials) &&
                           !std::holds_alternative<IamToken>(options_.credentials);
    // Another caller may have a newer one already.
    if (token_ && bearer(token_->value) == authorization) token_.reset();
    return renewable;
}

Async<TokenSource::Authorization> TokenSource::current(Time deadline) {
    for (;;) {
        const auto now = clock_.now();
        if (token_ && now < token_->renew_at) co_return bearer(token_->value);
        const bool good = token_ && now < token_->good_until;
        if (renewing_ && good) co_return bearer(token_->value);
        if (!renewing_) {
            const Renewal renewal(renewing_, renewed_);
            auto made = co_await renew(deadline);
            if (auto* token = std::get_if<Token>(&made)) {
                token_ = std::move(*token);
                co_return bearer(token_->value);
            }
            if (token_ && clock_.now() < token_->good_until) co_return bearer(token_->value);
            co_return std::get<ProviderFailure>(std::move(made));
        }
        if (now >= deadline) co_return too_late;
        co_await renewed_.wait_within(clock_, deadline - now);
    }
}

Async<TokenSource::Renewed> TokenSource::renew(Time deadline) {
    const auto left = std::min(longest_renewal, deadline - clock_.now());
    if (left <= Duration(0)) co_return too_late;
    auto answer = co_await http_.perform(renewal(left));
    if (!answer) co_return failure_of(answer.error());
    if (answer->status != 200) {
        auto failure = failure_of(*answer);
        // Whatever IAM dislikes is our credentials and not the user's input.
        if (failure.kind == Kind::refused) failure.kind = Kind::misconfigured;
        failure.detail = "IAM: " + failure.detail;
        co_return failure;
    }
    co_return token_in(*answer);
}

HttpCall TokenSource::renewal(Duration left) const {
    HttpCall call;
    call.deadline = left;
    call.connect_deadline = left;
    call.repeatable = true;
    call.largest_response = largest_answer;
    if (std::holds_alternative<MetadataService>(options_.credentials)) {
        call.url =
            options_.metadata_url + "/computeMetadata/v1/instance/service-accounts/default/token";
        call.headers.emplace_back("Metadata-Flavor", "Google");
        return call;
    }
    json::object body;
    if (const auto* key = std::get_if<ServiceAccountKey>(&options_.credentials))
        body["jwt"] = redacted(signed_token(*key, clock_.now()));
    if (const auto* token = std::get_if<OAuthToken>(&options_.credentials))
        body["yandexPassportOauthToken"] = token->token;
    call.method = HttpMethod::post;
    call.url = options_.iam_url + "/iam/v1/tokens";
    call.headers.emplace_back("Content-Type", "application/json");
    call.body = json::serialize(body);
    return call;
}

TokenSource::Renewed TokenSource::token_in(const HttpAnswer& answer) const {
    ProviderFailure unreadable{Kind::down, "IAM: the answer holds no token", {}};
    const auto object = parse_object(answer.body);
    if (!object) return unreadable;
    const auto now = clock_.now();
    Token token;
    token.value = text_in(*object, "iamToken");
    auto expiry = parse_expiry(text_in(*object, "expiresAt"));
    if (token.value.empty()) {
        token.value = text_in(*object, "access_token");
        const auto seconds = integer_in(*object, "expires_in").value_or(0);
        expiry = now + std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, 86'400));
    }
    const bool usable = !token.value.empty() && token.value.size() <= longest_token &&
                        token.value.find_first_of("\r\n \t") == std::string::npos;
    if (!usable || !expiry || *expiry <= now) return unreadable;
    token.good_until = *expiry - margin;
    log::redact_passing(token.value);
    // A token of a short life is renewed at half of it.
    token.renew_at = now + std::min<Duration>(renewed_after, (*expiry - now) / 2);
    return token;
}

}  // namespace mlbilling::yandex
