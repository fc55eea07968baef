#pragma once

#include <map>
#include <optional>
#include <string>

#include "ports/clock.hpp"
#include "ports/random.hpp"
#include "standin/call.hpp"

namespace mlbilling::standin {

/// What opens the stand-in's doors.
struct Credentials {
    /// Api-Key of a service account.
    std::string api_key = "standin-key";
    /// IAM token of a service account that never expires.
    std::string iam_token = "t1.standin-token";
    /// OAuth token of a user account.
    std::string oauth_token = "standin-oauth";
    /// The one folder there is.
    std::string folder = "standin-folder";
    /// Empty: the OpenAI-compatible server asks for no key, as self-hosted ones do.
    std::string openai_key = "standin-openai-key";
};

/// Who may come in (yandex.md 5).
class Access {
  public:
    Access(Credentials credentials, Clock& clock, Random& random)
        : credentials_(std::move(credentials)), clock_(clock), random_(random) {}

    const Credentials& credentials() const { return credentials_; }

    /// An IAM token that is good for `lifetime`.
    std::string issue(bool of_user_account, Duration lifetime);
    /// All tokens that were issued expire now.
    void expire_tokens();

    /// What the call is refused with, or nothing.
    std::optional<HttpResponse> refusal(const Call& call) const;

  private:
    struct Token {
        bool of_user_account = false;
        Time expires;
    };
    std::optional<HttpResponse> refusal_of_token(const Call& call, const std::string& token) const;
    std::optional<HttpResponse> refusal_of_folder(const Call& call, bool of_user_account) const;
    std::optional<HttpResponse> refusal_by_openai(const Call& call) const;
    std::string random_letters(std::size_t count);

    Credentials credentials_;
    Clock& clock_;
    Random& random_;
    std::map<std::string, Token> tokens_;
};

}  // namespace mlbilling::standin
