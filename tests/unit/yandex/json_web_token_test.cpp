#include "adapters/yandex/json_web_token.hpp"

#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <boost/json.hpp>
#include <memory>

#include "adapters/yandex/base64.hpp"
#include "adapters/yandex/token_source.hpp"

namespace mlbilling::yandex {
namespace {

namespace json = boost::json;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Key new_key() { return {EVP_RSA_gen(2048), &EVP_PKEY_free}; }

std::string pem_of(EVP_PKEY* key) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string file_with(const std::string& private_key) {
    return json::serialize(json::object{{"id", "lfkoe35hsk58aks301nl"},
                                        {"service_account_id", "ajepg0mjt06siua65usm"},
                                        {"created_at", "2023-03-22T14:34:50.109Z"},
                                        {"key_algorithm", "RSA_2048"},
                                        {"public_key", "-----BEGIN PUBLIC KEY-----"},
                                        {"private_key", private_key}});
}

std::string decoded(std::string text) {
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    while (text.size() % 4 != 0) text += '=';
    return from_base64(text).value_or("not base64");
}

std::vector<std::string> parts_of(const std::string& token) {
    std::vector<std::string> parts(1);
    for (const char c : token) {
        if (c == '.')
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

/// By the public half of the key, with a salt of exactly 32 bytes.
bool verifies(const std::string& text, const std::string& signature, EVP_PKEY* key) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(),
                                                                         &EVP_MD_CTX_free);
    EVP_PKEY_CTX* context = nullptr;
    EVP_DigestVerifyInit(digest.get(), &context, EVP_sha256(), nullptr, key);
    EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(context, 32);
    return EVP_DigestVerify(digest.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                            signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                            text.size()) == 1;
}

TEST(JsonWebToken, IsSignedSoThatThePublicKeyVerifiesIt) {
    const auto key = new_key();
    const auto account = parse_service_account_key(file_with(pem_of(key.get())));
    ASSERT_TRUE(account.ok());
    const Time now{Duration(1'800'000'000'999)};
    const auto parts = parts_of(signed_token(*account, now));
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(json::parse(decoded(parts[0])),
              json::parse(R"({"typ":"JWT","alg":"PS256","kid":"lfkoe35hsk58aks301nl"})"));
    EXPECT_EQ(json::parse(decoded(parts[1])), json::parse(R"({"iss":"ajepg0mjt06siua65usm",
                              "aud":"https://iam.api.cloud.yandex.net/iam/v1/tokens",
                              "iat":1800000000,"exp":1800003600})"));
    EXPECT_TRUE(verifies(parts[0] + '.' + parts[1], decoded(parts[2]), key.get()));
    EXPECT_FALSE(verifies(parts[0] + '.' + parts[1], decoded(parts[2]), new_key().get()));
    EXPECT_FALSE(verifies(parts[0] + ".x" + parts[1], decoded(parts[2]), key.get()));
}

TEST(ServiceAccountKey, MayHaveAWarningBeforeThePem) {
    const auto key = new_key();
    const auto warned =
        "PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <lfk>\n" + pem_of(key.get());
    EXPECT_TRUE(parse_service_account_key(file_with(warned)).ok());
}

TEST(ServiceAccountKey, ThatCannotBeUsedIsAProblemThatNamesNoSecret) {
    const Key curve(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    for (const auto& file :
         {std::string(), std::string("[]"), std::string("{}"), file_with("secret words"),
          file_with("-----BEGIN PRIVATE KEY-----\nc2VjcmV0IHdvcmRz\n-----END PRIVATE KEY-----\n"),
          file_with(pem_of(curve.get()))}) {
        const auto account = parse_service_account_key(file);
        ASSERT_FALSE(account.ok());
        EXPECT_EQ(account.error().message.find("secret"), std::string::npos);
        EXPECT_EQ(account.error().message.find("c2Vj"), std::string::npos);
    }
}

TEST(Expiry, HasAnyNumberOfFractionalDigits) {
    const Time whole{std::chrono::sys_days(std::chrono::year(2026) / 11 / 25) +
                     std::chrono::hours(1) + std::chrono::minutes(2) + std::chrono::seconds(3)};
    for (const auto* text :
         {"2026-11-25T01:02:03Z", "2026-11-25T01:02:03.1Z", "2026-11-25T01:02:03.123456789Z"})
        EXPECT_EQ(parse_expiry(text), whole) << text;
}

TEST(Expiry, OfAnotherFormIsNone) {
    for (const auto* text :
         {"", "Z", "2026-11-25", "2026-11-25T01:02:03", "2026-13-25T01:02:03Z",
          "2026-02-30T01:02:03Z", "2026-11-25T24:02:03Z", "2026-11-25T01:02:03.x9Z",
          "2026-11-25T01:02:03+03:00", "-026-11-25T01:02:03Z", "2026-11-25 01:02:03Z"})
        EXPECT_EQ(parse_expiry(text), std::nullopt) << text;
}

TEST(Base64, GoesThereAndBack) {
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64url(std::string("\xFB\xFF\xBF", 3)), "-_-_");
    for (const std::string bytes : {"", "f", "fo", "foo", "\xFF\x01\x80"})
        EXPECT_EQ(from_base64(base64(bytes)), bytes);
    for (const auto* text : {"Z", "Zg=", "Zg", "Zm9v!mFy", "Zm9v\nmFy", "===="})
        EXPECT_FALSE(from_base64(text)) << text;
}

}  // namespace
}  // namespace mlbilling::yandex
