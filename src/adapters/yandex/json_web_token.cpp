#include "adapters/yandex/json_web_token.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <boost/json/serialize.hpp>
#include <chrono>
#include <memory>

#include "adapters/yandex/base64.hpp"
#include "adapters/yandex/json_stream.hpp"
#include "base/check.hpp"

namespace mlbilling::yandex {

namespace json = boost::json;

namespace {

constexpr std::string_view audience = "https://iam.api.cloud.yandex.net/iam/v1/tokens";
constexpr std::int64_t lifetime_seconds = 3'600;
/// As long as the hash, which is what RFC 7518, section 3.5, asks of PS256.
constexpr int salt_bytes = 32;
constexpr std::size_t longest_id = 100;

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeDigest {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeBio {
    void operator()(BIO* bio) const { BIO_free(bio); }
};

std::unique_ptr<EVP_PKEY, FreeKey> read_key(const std::string& pem) {
    const std::unique_ptr<BIO, FreeBio> bio(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    CHECK(bio != nullptr);
    // Without a callback an encrypted key would make OpenSSL ask at the terminal.
    const auto no_password = [](char*, int, int, void*) { return 0; };
    return std::unique_ptr<EVP_PKEY, FreeKey>(
        PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
}

std::string signature_of(const std::string& text, EVP_PKEY* key) {
    const std::unique_ptr<EVP_MD_CTX, FreeDigest> digest(EVP_MD_CTX_new());
    CHECK(digest != nullptr);
    EVP_PKEY_CTX* context = nullptr;
    CHECK(EVP_DigestSignInit(digest.get(), &context, EVP_sha256(), nullptr, key) == 1);
    CHECK(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1);
    CHECK(EVP_PKEY_CTX_set_rsa_pss_saltlen(context, salt_bytes) == 1);
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t size = 0;
    CHECK(EVP_DigestSign(digest.get(), nullptr, &size, bytes, text.size()) == 1);
    std::string signature(size, '\0');
    auto* target = reinterpret_cast<unsigned char*>(signature.data());
    CHECK(EVP_DigestSign(digest.get(), target, &size, bytes, text.size()) == 1);
    signature.resize(size);
    return signature;
}

/// The file may have a line of warning before the key itself.
std::string pem_in(std::string_view text) {
    const auto begin = text.find("-----BEGIN");
    return begin == std::string_view::npos ? std::string() : std::string(text.substr(begin));
}

}  // namespace

Result<ServiceAccountKey, Problem> parse_service_account_key(std::string_view text) {
    const auto object = parse_object(text);
    if (!object) return Problem{"the service account's key file is not a JSON object"};
    ServiceAccountKey key;
    key.id = text_in(*object, "id");
    key.service_account = text_in(*object, "service_account_id");
    key.private_key = pem_in(text_in(*object, "private_key"));
    if (key.id.empty() || key.id.size() > longest_id)
        return Problem{"the service account's key file has no id"};
    if (key.service_account.empty() || key.service_account.size() > longest_id)
        return Problem{"the service account's key file has no service_account_id"};
    const auto read = read_key(key.private_key);
    if (read == nullptr || EVP_PKEY_get_base_id(read.get()) != EVP_PKEY_RSA)
        return Problem{"the service account's key file has no RSA private_key that can be read"};
    return key;
}

std::string signed_token(const ServiceAccountKey& key, Time now) {
    const auto read = read_key(key.private_key);
    CHECK(read != nullptr);
    const auto issued = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const auto header =
        json::serialize(json::object{{"typ", "JWT"}, {"alg", "PS256"}, {"kid", key.id}});
    const auto claims = json::serialize(json::object{{"iss", key.service_account},
                                                     {"aud", audience},
                                                     {"iat", issued},
                                                     {"exp", issued + lifetime_seconds}});
    const auto signed_part = base64url(header) + '.' + base64url(claims);
    return signed_part + '.' + base64url(signature_of(signed_part, read.get()));
}

}  // namespace mlbilling::yandex
