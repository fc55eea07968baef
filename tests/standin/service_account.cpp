#include "standin/service_account.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <boost/json/serialize.hpp>

#include "base/check.hpp"
#include "standin/bytes.hpp"
#include "standin/strict_json.hpp"

namespace mlbilling::standin {
namespace {

namespace json = boost::json;

constexpr std::string_view key_id = "ajestandinkey0000001";
constexpr std::string_view account_id = "ajestandinaccount001";
constexpr std::string_view audience = "https://iam.api.cloud.yandex.net/iam/v1/tokens";
constexpr std::size_t longest_token = 8'000;
constexpr std::int64_t longest_life = 3'600;
/// Clocks differ.
constexpr std::int64_t clock_skew = 60;
constexpr int bits = 2'048;
constexpr int salt_bytes = 32;

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeDigest {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeBio {
    void operator()(BIO* bio) const { BIO_free(bio); }
};

std::string content_of(BIO* bio) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

Result<json::object> decoded(std::string_view part) {
    const bool url_safe = part.find_first_of("+/=") == std::string_view::npos;
    const auto bytes = from_base64(part);
    if (!bytes || !url_safe) return Problem{"a part of the JWT is no base64url"};
    return parse_strictly(*bytes);
}

bool says(const json::object& object, std::string_view name, std::string_view expected) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() &&
           std::string_view(value->get_string()) == expected;
}

std::int64_t seconds_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

Result<bool> verify_claims(const json::object& claims, Time now) {
    const auto second = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
    const auto issued = seconds_in(claims, "iat");
    const auto expires = seconds_in(claims, "exp");
    if (!says(claims, "iss", account_id)) return Problem{"JWT: unknown issuer"};
    if (!says(claims, "aud", audience)) return Problem{"JWT: wrong audience"};
    if (issued <= 0 || issued > second.count() + clock_skew)
        return Problem{"JWT: iat is missing or in the future"};
    if (expires <= second.count()) return Problem{"JWT is expired"};
    if (expires - issued > longest_life) return Problem{"JWT: exp - iat exceeds one hour"};
    return true;
}

}  // namespace

struct ServiceAccount::Key {
    std::unique_ptr<EVP_PKEY, FreeKey> pair{EVP_RSA_gen(bits)};
};

ServiceAccount::ServiceAccount() = default;
ServiceAccount::~ServiceAccount() = default;

ServiceAccount::Key& ServiceAccount::key() {
    if (!key_) key_ = std::make_unique<Key>();
    CHECK(key_->pair != nullptr);
    return *key_;
}

std::string ServiceAccount::key_file() {
    const std::unique_ptr<BIO, FreeBio> secret(BIO_new(BIO_s_mem()));
    const std::unique_ptr<BIO, FreeBio> open(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(secret.get(), key().pair.get(), nullptr, nullptr, 0, nullptr, nullptr);
    PEM_write_bio_PUBKEY(open.get(), key().pair.get());
    const auto warning =
        "PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <" + std::string(key_id) + ">\n";
    return json::serialize(json::value{{"id", key_id},
                                       {"service_account_id", account_id},
                                       {"created_at", "2026-01-01T00:00:00.000000000Z"},
                                       {"key_algorithm", "RSA_2048"},
                                       {"public_key", content_of(open.get())},
                                       {"private_key", warning + content_of(secret.get())}});
}

Result<bool> ServiceAccount::verify(std::string_view token, Time now) {
    if (token.size() > longest_token) return Problem{"jwt: at most 8000 characters"};
    const auto first = token.find('.');
    const auto second = token.find('.', first == std::string_view::npos ? first : first + 1);
    if (second == std::string_view::npos) return Problem{"JWT is malformed"};
    const auto header = decoded(token.substr(0, first));
    if (!header) return header.error();
    if (!says(*header, "typ", "JWT") || !says(*header, "alg", "PS256"))
        return Problem{"JWT: typ JWT and alg PS256 expected"};
    if (!says(*header, "kid", key_id)) return Problem{"Key was not found"};
    const auto signature = from_base64(token.substr(second + 1));
    if (!signature) return Problem{"JWT: the signature is no base64url"};
    auto genuine = verify_signature(token.substr(0, second), *signature);
    if (!genuine) return genuine;
    const auto claims = decoded(token.substr(first + 1, second - first - 1));
    return claims ? verify_claims(*claims, now) : claims.error();
}

Result<bool> ServiceAccount::verify_signature(std::string_view signed_part,
                                              std::string_view signature) {
    const std::unique_ptr<EVP_MD_CTX, FreeDigest> context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* options = nullptr;
    CHECK(EVP_DigestVerifyInit(context.get(), &options, EVP_sha256(), nullptr, key().pair.get()) ==
          1);
    CHECK(EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1);
    CHECK(EVP_PKEY_CTX_set_rsa_pss_saltlen(options, salt_bytes) == 1);
    // NOLINTBEGIN(cppcoreguidelines-pro-type-reinterpret-cast)
    const int genuine = EVP_DigestVerify(
        context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
        reinterpret_cast<const unsigned char*>(signed_part.data()), signed_part.size());
    // NOLINTEND(cppcoreguidelines-pro-type-reinterpret-cast)
    if (genuine != 1) return Problem{"JWT: the signature does not verify"};
    return true;
}

}  // namespace mlbilling::standin
