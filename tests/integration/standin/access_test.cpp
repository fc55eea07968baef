// Who is let in, and how tokens are got.
#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "integration/standin/standin_fixture.hpp"

namespace mlbilling::test {
namespace {

using testing::HasSubstr;

std::string base64url(std::string_view bytes) {
    auto text = standin::base64(bytes);
    for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
    while (text.ends_with('=')) text.pop_back();
    return text;
}

/// PS256 as RFC 7518 3.5 has it; a salt of another length is for proving that it is looked at.
std::string signature_of(std::string_view content, const std::string& pem, int salt) {
    BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
    EXPECT_NE(key, nullptr);
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_PKEY_CTX* options = nullptr;
    EVP_DigestSignInit(context, &options, EVP_sha256(), nullptr, key);
    EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(options, salt);
    std::string signature(512, '\0');
    std::size_t size = signature.size();
    const auto* bytes = reinterpret_cast<const unsigned char*>(content.data());
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                   content.size());
    signature.resize(size);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    BIO_free(bio);
    return signature;
}

class StandinAccess : public StandinTest {
  protected:
    HttpAnswer speak_with(HttpHeaders headers) {
        auto call = call_of(HttpMethod::post, "/tts/v3/utteranceSynthesis", R"({"text":"a"})");
        call.headers = std::move(headers);
        return perform(std::move(call));
    }
    json::value key_file() { return json::parse(get("/control/authorized-key").body); }
    /// A token request whose claims are changed as the test says.
    HttpAnswer exchange(json::object changes = {}, std::string alg = "PS256", int salt = 32) {
        const auto file = key_file();
        const auto now = clock.now().time_since_epoch().count() / 1'000;
        json::object claims{{"iss", file.at("service_account_id")},
                            {"aud", "https://iam.api.cloud.yandex.net/iam/v1/tokens"},
                            {"iat", now},
                            {"exp", now + 3'600}};
        for (const auto& change : changes) claims[change.key()] = change.value();
        const json::object header{{"typ", "JWT"}, {"alg", alg}, {"kid", file.at("id")}};
        const auto content =
            base64url(json::serialize(header)) + "." + base64url(json::serialize(claims));
        const auto pem = std::string(file.at("private_key").as_string());
        const auto jwt = content + "." + base64url(signature_of(content, pem, salt));
        return post("/iam/v1/tokens", json::serialize(json::object{{"jwt", jwt}}));
    }
};

TEST_F(StandinAccess, NeedsAKeyOrAToken) {
    EXPECT_EQ(speak_with({{"Authorization", "Api-Key standin-key"}}).status, 200);
    EXPECT_EQ(speak_with({{"Authorization", "Bearer t1.standin-token"}}).status, 200);
    EXPECT_EQ(speak_with({}).status, 401);
    EXPECT_EQ(speak_with({{"Authorization", "Api-Key other"}}).status, 401);
    EXPECT_EQ(speak_with({{"Authorization", "Bearer t1.other"}}).status, 401);
}

TEST_F(StandinAccess, AServiceAccountHasOneFolder) {
    const auto foreign =
        speak_with({{"Authorization", "Api-Key standin-key"}, {"x-folder-id", "another-folder"}});
    EXPECT_EQ(foreign.status, 400);
    EXPECT_THAT(message_in(foreign), HasSubstr("does not match with service account folder"));
}

TEST_F(StandinAccess, ASignedTokenIsExchangedForAnIamToken) {
    const auto answer = exchange();
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto body = json::parse(answer.body);
    const auto token = std::string(body.at("iamToken").as_string());
    EXPECT_TRUE(token.starts_with("t1."));
    EXPECT_EQ(body.at("expiresAt").as_string().size(),
              std::string_view("2026-01-01T00:00:00.123456789Z").size());
    EXPECT_EQ(speak_with({{"Authorization", "Bearer " + token}}).status, 200);
    clock.advance(std::chrono::hours(12));
    const auto late = speak_with({{"Authorization", "Bearer " + token}});
    EXPECT_EQ(late.status, 401);
    EXPECT_EQ(message_in(late), "The token has expired");
}

TEST_F(StandinAccess, LooksAtEveryPartOfTheSignedToken) {
    const auto now = clock.now().time_since_epoch().count() / 1'000;
    const auto refused = [](const HttpAnswer& answer) {
        return answer.status == 401 && json::parse(answer.body).at("code").as_int64() == 16;
    };
    EXPECT_TRUE(refused(exchange({{"iss", "somebody"}})));
    EXPECT_TRUE(refused(exchange({{"aud", "https://example.org"}})));
    EXPECT_TRUE(refused(exchange({{"exp", now + 3'601}})));
    EXPECT_TRUE(refused(exchange({{"exp", now - 1}})));
    EXPECT_TRUE(refused(exchange({{"iat", now + 500}, {"exp", now + 1'000}})));
    EXPECT_TRUE(refused(exchange({}, "RS256")));
    EXPECT_TRUE(refused(exchange({}, "PS256", 20)));
    EXPECT_EQ(post("/iam/v1/tokens", R"({"jwt":"a.b.c"})").status, 401);
    EXPECT_EQ(post("/iam/v1/tokens", "{}").status, 400);
}

TEST_F(StandinAccess, AUserAccountMustNameItsFolder) {
    const auto answer = post("/iam/v1/tokens", R"({"yandexPassportOauthToken":"standin-oauth"})");
    const auto bearer =
        "Bearer " + std::string(json::parse(answer.body).at("iamToken").as_string());
    const auto without = speak_with({{"Authorization", bearer}});
    EXPECT_EQ(without.status, 401);
    EXPECT_THAT(message_in(without), HasSubstr("folder ID for user account"));
    EXPECT_EQ(speak_with({{"Authorization", bearer}, {"x-folder-id", "standin-folder"}}).status,
              200);
    auto recognise = call_of(HttpMethod::post, "/stt/v3/recognizeFileAsync", "{}");
    recognise.headers = {{"Authorization", bearer}, {"x-folder-id", "standin-folder"}};
    EXPECT_EQ(perform(std::move(recognise)).status, 403);
}

TEST_F(StandinAccess, TheMetadataServiceWantsItsHeader) {
    const std::string path = "/computeMetadata/v1/instance/service-accounts/default/token";
    EXPECT_EQ(get(path).status, 403);
    auto call = call_of(HttpMethod::get, path);
    call.headers = {{"Metadata-Flavor", "Google"}};
    const auto answer = perform(std::move(call));
    EXPECT_EQ(json::parse(answer.body).at("token_type").as_string(), "Bearer");
}

TEST_F(StandinAccess, AHostAnswersItsOwnMethodsOnly) {
    auto call = call_of(HttpMethod::get, "/operations/unknown");
    call.headers.emplace_back("Host", "operation.localhost");
    EXPECT_THAT(perform(call).body, HasSubstr("not found"));
    EXPECT_THAT(perform(call).body, HasSubstr("\"code\":5"));
    call.headers.back().second = "stt.localhost";
    EXPECT_THAT(perform(call).body, HasSubstr("page not found"));
}

}  // namespace
}  // namespace mlbilling::test
