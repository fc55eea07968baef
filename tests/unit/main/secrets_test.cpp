#include "main/secrets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "main/known_variables.hpp"
#include "main/secret_files.hpp"
#include "support/temporary_directory.hpp"

namespace mlbilling {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(Secrets, AreTokensAndKeysAndThePasswordsOfAddresses) {
    EXPECT_THAT(secrets_in({{"YANDEX_API_KEY", " AQVN-key\n"}}), UnorderedElementsAre("AQVN-key"));
    EXPECT_THAT(secrets_in({{"TELEGRAM_BOT_TOKEN", "123456:AAsecret"}}),
                UnorderedElementsAre("123456:AAsecret", "AAsecret"));
    // printf 'user:p@ss' | base64
    EXPECT_THAT(secrets_in({{"DATABASE_URL", "postgresql://user:p%40ss@h/ml?sslpassword=other"}}),
                UnorderedElementsAre("p%40ss", "p@ss", "dXNlcjpwQHNz", "other"));
    EXPECT_THAT(secrets_in({{"RABBITMQ_URL", "amqp://a:one@h, amqps://a:two,x@i"}}),
                testing::AllOf(Contains("one"), Contains("two,x")));
    EXPECT_THAT(secrets_in({{"HTTPS_PROXY", "me:geheim@proxy:3128"}}), Contains("geheim"));
    EXPECT_THAT(secrets_in({{"DATABASE_URL", "postgresql://user:ge@heim@h/ml"}}),
                Contains("ge@heim"));
}

TEST(Secrets, AreNotWhatEverybodySees) {
    EXPECT_THAT(secrets_in({{"DATABASE_URL", "sqlite:data/mlbilling.db"},
                            {"RABBITMQ_URL", "amqp://guest:guest@h"},
                            {"HTTPS_PROXY", "http://proxy:3128"},
                            {"LOG_LEVEL", "debug"},
                            {"PATH", "/bin"}}),
                IsEmpty());
}

class SecretFiles : public testing::Test {
  protected:
    std::string file(const std::string& content) {
        const auto path = directory_.path() / "secret";
        std::ofstream(path, std::ios::binary) << content;
        return path.string();
    }
    std::string problem(Environment environment) {
        const auto found = read_secret_files(environment);
        EXPECT_TRUE(found);
        return found ? found->message : "";
    }

    test::TemporaryDirectory directory_;
};

TEST_F(SecretFiles, HoldWhatTheVariableWould) {
    for (const auto* content : {"123456:AAsecret", "123456:AAsecret\n", "123456:AAsecret\r\n"}) {
        Environment environment{{"TELEGRAM_BOT_TOKEN_FILE", file(content)},
                                {"TELEGRAM_BOT_TOKEN", ""}};
        EXPECT_FALSE(read_secret_files(environment));
        EXPECT_EQ(environment.at("TELEGRAM_BOT_TOKEN"), "123456:AAsecret");
    }
}

TEST_F(SecretFiles, EverySecretMayBeInOne) {
    const auto path = file("geheim");
    for (const auto& variable : known_variables()) {
        const std::string name(variable.name);
        Environment environment{{name + "_FILE", path}};
        EXPECT_FALSE(read_secret_files(environment));
        EXPECT_EQ(environment.contains(name), variable.secret) << name;
    }
}

TEST_F(SecretFiles, ThatCannotBeUsedAreNamed) {
    const auto good = file("geheim");
    EXPECT_EQ(problem({{"OPENAI_API_KEY_FILE", good}, {"OPENAI_API_KEY", "other"}}),
              "OPENAI_API_KEY_FILE and OPENAI_API_KEY are both set: unset one of them");
    for (const auto& path : {directory_.path() / "absent", directory_.path()})
        EXPECT_TRUE(
            problem({{"DATABASE_URL_FILE", path.string()}}).starts_with("DATABASE_URL_FILE"));
    for (const auto* empty : {"", "\n"})
        EXPECT_NE(problem({{"DATABASE_URL_FILE", file(empty)}}).find("empty"), std::string::npos);
}

FoundEnvironment found(Environment process, const Environment& file) {
    FoundEnvironment result;
    for (const auto& [name, value] : file) result.in_file.insert(name);
    result.variables = file;
    result.variables.merge(std::move(process));
    return result;
}

TEST(UnknownVariables, AreNamedWithTheNearestKnownOne) {
    EXPECT_THAT(unknown_variables(found({}, {{"START_BALNCE", "1"},
                                             {"TELEGRAM_BOT_TOKN", "x"},
                                             {"BOT_TOKEN", "x"},
                                             {"start_balance", "1"},
                                             {"COMPOSE_PROJECT", "x"}})),
                UnorderedElementsAre(UnknownVariable{"START_BALNCE", "START_BALANCE"},
                                     UnknownVariable{"TELEGRAM_BOT_TOKN", "TELEGRAM_BOT_TOKEN"},
                                     UnknownVariable{"BOT_TOKEN", "TELEGRAM_BOT_TOKEN"},
                                     UnknownVariable{"start_balance", "START_BALANCE"},
                                     UnknownVariable{"COMPOSE_PROJECT", ""}));
}

TEST(UnknownVariables, OfTheProcessAreOnlyThoseThatLookLikeOurs) {
    EXPECT_THAT(unknown_variables(found({{"PATH", "/bin"},
                                         {"HTTP_PROXY", "http://x"},
                                         {"LOGNAME", "me"},
                                         {"TELEGRAM_BOT_TOKEN_FILE", "/x"},
                                         {"AWS_REGION", "x"},
                                         {"DATABASE_URI", "sqlite:x"},
                                         {"MLBILLING_LOG", "x"}},
                                        {})),
                UnorderedElementsAre(UnknownVariable{"DATABASE_URI", "DATABASE_URL"},
                                     UnknownVariable{"MLBILLING_LOG", ""}));
}

}  // namespace
}  // namespace mlbilling
