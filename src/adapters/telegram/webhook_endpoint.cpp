#include "adapters/telegram/webhook_endpoint.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <boost/json/value.hpp>
#include <utility>

#include "adapters/telegram/bounded_json.hpp"
#include "adapters/telegram/update_parser.hpp"
#include "base/check.hpp"
#include "base/log.hpp"

namespace mlbilling::telegram {
namespace {

constexpr std::size_t largest_update = std::size_t{1} << 20;
/// Short, so that an update is late by no more than this once the store is back.
constexpr const char* retry_after_seconds = "3";

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Digest digest_of(std::string_view text) {
    Digest digest{};
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    SHA256(bytes, text.size(), digest.data());
    return digest;
}

}  // namespace

bool is_webhook_secret(std::string_view text) {
    constexpr std::size_t longest = 256;
    const auto fits = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= longest && std::ranges::all_of(text, fits);
}

WebhookEndpoint::WebhookEndpoint(std::string secret, BotId bot, UpdateReceiver& receiver)
    : secret_(std::move(secret)), bot_(bot), receiver_(receiver) {
    CHECK(is_webhook_secret(secret_));
    log::redact(secret_);
}

// Digests have one length, so that the time that this takes tells nothing of the secret's either.
bool WebhookEndpoint::knows_secret(const HttpRequest& request) const {
    const auto given = digest_of(request.header("x-telegram-bot-api-secret-token"));
    const auto expected = digest_of(secret_);
    return CRYPTO_memcmp(given.data(), expected.data(), expected.size()) == 0;
}

HttpAdmission WebhookEndpoint::admit(const HttpRequest& head) const {
    if (head.method != "POST") {
        auto refusal = plain_answer(405, "only POST");
        refusal.headers.emplace_back("Allow", "POST");
        return HttpAdmission::refuse(std::move(refusal));
    }
    if (!knows_secret(head)) return HttpAdmission::refuse(plain_answer(401, "not Telegram"));
    return {.refusal = std::nullopt, .max_body = largest_update};
}

Async<HttpResponse> WebhookEndpoint::answer(HttpRequest request) {
    const auto value = parse_bounded(request.body);
    auto update = value ? read_update(*value, bot_) : std::nullopt;
    if (!update) {
        log::error("what Telegram brought is not an update", {{"bytes", request.body.size()}});
        co_return plain_answer(400, "not an update");
    }
    if (co_await receiver_.receive(std::move(*update))) co_return plain_answer(200, "ok");
    auto later = plain_answer(503, "not stored; bring it again");
    later.headers.emplace_back("Retry-After", retry_after_seconds);
    co_return later;
}

}  // namespace mlbilling::telegram
