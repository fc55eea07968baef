#include <openssl/evp.h>
#include <openssl/pem.h>

#include "adapters/yandex/json_web_token.hpp"
#include "integration/yandex/fixture.hpp"

namespace mlbilling::test {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string private_key() {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_RSA_gen(2048),
                                                                  &EVP_PKEY_free);
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

/// IAM hands out t1.1, t1.2 … for an hour or as long as it is told; synthesis answers what it is
/// told.
class Authentication : public YandexTest {
  protected:
    Authentication() {
        options.credentials = yandex::ServiceAccountKey{"key-id", "account-id", private_key()};
        script = [this](const ScriptedRequest& request) { return answer(request); };
    }

    ScriptedReply answer(const ScriptedRequest& request) {
        if (request.target == "/iam/v1/tokens") {
            ++renewals;
            auto reply = reply_with(iam_status, json::serialize(json::object{
                                                    {"iamToken", "t1." + std::to_string(renewals)},
                                                    {"expiresAt", expiry}}));
            reply.delay = std::chrono::milliseconds(20);
            return reply;
        }
        if (request.target.starts_with("/computeMetadata/")) {
            ++renewals;
            return reply_with(
                200, R"({"access_token":"t1.meta","expires_in":39944,"token_type":"Bearer"})");
        }
        const auto authorization = request.headers.at("authorization");
        used.push_back(authorization);
        if (authorization == revoked) return reply_with(401, R"({"code":16,"message":"expired"})");
        return reply_with(200, audio_message("OggS"));
    }

    int renewals = 0;
    int iam_status = 200;
    std::string expiry = "2026-09-11T12:00:00.123456789Z";
    std::string revoked;
    std::vector<std::string> used;
};

TEST_F(Authentication, AServiceAccountsKeyIsExchangedForAToken) {
    EXPECT_EQ(file_of(say("Привет")), "OggS");
    EXPECT_THAT(used, ElementsAre("Bearer t1.1"));
    const auto body = json::parse(request(0).body).as_object();
    EXPECT_EQ(body.size(), 1U);
    EXPECT_THAT(std::string(body.at("jwt").as_string()),
                testing::MatchesRegex("[^.]+[.][^.]+[.][^.]+"));
    EXPECT_FALSE(request(0).headers.contains("authorization"));
}

TEST_F(Authentication, ATokenServesUntilAnHourHasPassed) {
    say("Привет");
    clock.pass(Duration(59 * 60'000));
    say("Привет");
    EXPECT_EQ(renewals, 1);
    clock.pass(Duration(2 * 60'000));
    say("Привет");
    EXPECT_EQ(renewals, 2);
    EXPECT_THAT(used, ElementsAre("Bearer t1.1", "Bearer t1.1", "Bearer t1.2"));
}

TEST_F(Authentication, ATokenOfAShortLifeIsRenewedAtHalfOfIt) {
    expiry = "2026-09-11T00:20:00Z";
    say("Привет");
    clock.pass(Duration(11 * 60'000));
    say("Привет");
    EXPECT_EQ(renewals, 2);
}

TEST_F(Authentication, WhileRenewingFailsTheOldTokenServesAsLongAsItIsGood) {
    say("Привет");
    iam_status = 500;
    clock.pass(Duration(2 * 3'600'000));
    EXPECT_EQ(file_of(say("Привет")), "OggS");
    EXPECT_EQ(renewals, 2);
    clock.pass(Duration(10 * 3'600'000));
    EXPECT_TRUE(fails(say("Привет"), Kind::down));
    EXPECT_EQ(used.size(), 2U);
}

TEST_F(Authentication, OneRenewalServesAllWhoWait) {
    clock.jumps = false;
    int spoken = 0;
    for (int i = 0; i < 10; ++i)
        boost::asio::co_spawn(loop,
                              speech().synthesize({"Привет", "marina", 100}, Duration(60'000)),
                              [&](std::exception_ptr error, Provided<SpokenVoice> voice) {
                                  EXPECT_FALSE(error);
                                  EXPECT_EQ(file_of(voice), "OggS");
                                  ++spoken;
                              });
    loop.restart();
    while (spoken < 10 && loop.run_one() > 0) {
    }
    EXPECT_EQ(spoken, 10);
    EXPECT_EQ(renewals, 1);
}

TEST_F(Authentication, ATokenThatIsRevokedIsReplacedAtOnce) {
    say("Привет");
    revoked = "Bearer t1.1";
    const auto spoken = say("Привет");
    EXPECT_EQ(file_of(spoken), "OggS");
    EXPECT_THAT(used, ElementsAre("Bearer t1.1", "Bearer t1.1", "Bearer t1.2"));
    EXPECT_EQ(cost_of(spoken), MicroRoubles(162'600));
}

TEST_F(Authentication, WhatIamRefusesIsOurMisconfiguration) {
    for (const int status : {400, 401, 403}) {
        iam_status = status;
        const auto spoken = say("Привет");
        EXPECT_TRUE(fails(spoken, Kind::misconfigured)) << status;
        EXPECT_THAT(file_of(spoken), HasSubstr("IAM"));
        EXPECT_THAT(file_of(spoken), Not(HasSubstr("PRIVATE KEY")));
    }
    iam_status = 503;
    EXPECT_TRUE(fails(say("Привет"), Kind::down));
    EXPECT_TRUE(used.empty());
}

TEST_F(Authentication, AnAnswerWithoutAUsableTokenIsNone) {
    for (const std::string when : {"yesterday", "2020-01-01T00:00:00Z", ""}) {
        expiry = when;
        EXPECT_TRUE(fails(say("Привет"), Kind::down)) << when;
    }
    EXPECT_TRUE(used.empty());
}

TEST_F(Authentication, APassportUsersTokenIsExchangedToo) {
    options.credentials = yandex::OAuthToken{"y0_passport"};
    options.folder = "b1gfolder";
    EXPECT_EQ(file_of(say("Привет")), "OggS");
    EXPECT_EQ(json::parse(request(0).body),
              json::parse(R"({"yandexPassportOauthToken":"y0_passport"})"));
    EXPECT_EQ(request(1).headers.at("x-folder-id"), "b1gfolder");
}

TEST_F(Authentication, OnAVirtualMachineTheMetadataServiceHasAToken) {
    options.credentials = yandex::MetadataService{};
    EXPECT_EQ(file_of(say("Привет")), "OggS");
    EXPECT_EQ(request(0).target, "/computeMetadata/v1/instance/service-accounts/default/token");
    EXPECT_EQ(request(0).headers.at("metadata-flavor"), "Google");
    EXPECT_THAT(used, ElementsAre("Bearer t1.meta"));
    clock.pass(Duration(50 * 60'000));
    say("Привет");
    EXPECT_EQ(renewals, 1);
}

TEST_F(Authentication, AKeyThatIsRefusedIsNotTriedTwice) {
    options.credentials = yandex::ApiKey{"AQVN-key"};
    revoked = "Api-Key AQVN-key";
    EXPECT_TRUE(fails(say("Привет"), Kind::misconfigured));
    EXPECT_EQ(used.size(), 1U);
}

}  // namespace
}  // namespace mlbilling::test
