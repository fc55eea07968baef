#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "adapters/http_client/http_client.hpp"
#include "adapters/yandex/options.hpp"
#include "ports/clock.hpp"
#include "ports/event.hpp"
#include "ports/speech.hpp"

namespace mlbilling::yandex {

/// When an IAM token ends: RFC 3339 in UTC with any number of fractional digits; Yandex sends nine.
std::optional<Time> parse_expiry(std::string_view text);

/// What to put into `Authorization`. IAM tokens are asked for an hour before anyone could need a
/// new one, by one caller at a time; while that goes on, and if it fails, the old one serves as
/// long as it is good.
class TokenSource {
  public:
    TokenSource(HttpClient& http, Clock& clock, const Options& options)
        : http_(http), clock_(clock), options_(options) {}

    using Authorization = std::variant<std::string, ProviderFailure>;

    /// The header's value.
    Async<Authorization> authorization(Time deadline);
    /// The token was refused: the next call asks for a new one. False when there is no other.
    bool renounce(std::string_view authorization);

  private:
    struct Token {
        std::string value;
        Time renew_at;
        Time good_until;
    };
    using Renewed = std::variant<Token, ProviderFailure>;

    Async<Authorization> current(Time deadline);
    Async<Renewed> renew(Time deadline);
    HttpCall renewal(Duration left) const;
    Renewed token_in(const HttpAnswer& answer) const;

    HttpClient& http_;
    Clock& clock_;
    const Options& options_;
    std::optional<Token> token_;
    bool renewing_ = false;
    Event renewed_;
};

}  // namespace mlbilling::yandex
