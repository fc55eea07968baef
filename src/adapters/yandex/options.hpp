#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/time.hpp"
#include "ports/quotas.hpp"

namespace mlbilling::yandex {

/// Of a service account; the least that is needed, and the recommended way.
struct ApiKey {
    std::string key;
};
/// An IAM token that somebody else renews. Good for at most 12 hours.
struct IamToken {
    std::string token;
};
/// Authorized key of a service account, with which IAM tokens are asked for.
struct ServiceAccountKey {
    std::string id;
    std::string service_account;
    /// PEM.
    std::string private_key;
};
/// Of a Yandex Passport user, exchanged for IAM tokens.
struct OAuthToken {
    std::string token;
};
/// The service account of the virtual machine that this process runs on.
struct MetadataService {};

using Credentials = std::variant<ApiKey, IamToken, ServiceAccountKey, OAuthToken, MetadataService>;

/// Whether they may be a person's, for whom the folder must be named. A service account's own
/// folder is known to Yandex, which refuses another one.
inline bool may_be_a_users(const Credentials& credentials) {
    return std::holds_alternative<IamToken>(credentials) ||
           std::holds_alternative<OAuthToken>(credentials);
}

/// What Yandex allows a folder at most. A count of 0 means without limit.
struct Limits {
    QuotaRate synthesis{40, Duration(1'000)};
    QuotaRate short_recognition{20, Duration(1'000)};
    QuotaRate long_recognition{500, Duration(3'600'000)};
    QuotaRate polls{5, Duration(1'000)};
};

enum class SynthesisApi { v1, v3 };
/// `automatic`: v1 for what is short enough for it, v3 for all else. `v1` refuses all else.
enum class RecognitionApi { automatic, v1, v3 };

struct Options {
    Credentials credentials;
    /// Sent only with what may be a user's token.
    std::string folder;
    SynthesisApi synthesis = SynthesisApi::v3;
    RecognitionApi recognition = RecognitionApi::automatic;
    /// Lets v3 cut long texts up itself, which saves calls and, says Yandex, some quality.
    bool unsafe_mode = false;
    Limits limits;

    std::string synthesis_url = "https://tts.api.cloud.yandex.net";
    std::string recognition_url = "https://stt.api.cloud.yandex.net";
    std::string operation_url = "https://operation.api.cloud.yandex.net";
    std::string iam_url = "https://iam.api.cloud.yandex.net";
    std::string metadata_url = "http://169.254.169.254";
};

}  // namespace mlbilling::yandex
