#include "main/config.hpp"

#include <gtest/gtest.h>

namespace mlbilling {
namespace {

Config config_of(const Environment& environment) {
    auto config = parse_config(environment, true);
    EXPECT_TRUE(config.ok()) << (config.ok() ? "" : config.error().message);
    return config.ok() ? *config : Config{};
}

std::string problem_of(const Environment& environment) {
    const auto config = parse_config(environment, true);
    EXPECT_FALSE(config.ok());
    return config.ok() ? "" : config.error().message;
}

TEST(Config, AnEmptyEnvironmentIsTheEmbeddedServiceWithTheSandbox) {
    const auto config = config_of({});
    EXPECT_FALSE(config.telegram_token);
    EXPECT_EQ(std::get<SqliteFile>(config.database).path, "data/mlbilling.db");
    EXPECT_TRUE(config.rabbitmq.empty());
    EXPECT_EQ(std::get<ResultDirectory>(config.results).path, "data/results");
    EXPECT_EQ(config.speech.providers, std::vector<std::string>{"local"});
    EXPECT_FALSE(config.http_listen);
    EXPECT_FALSE(config.webhook);
    EXPECT_FALSE(unfit_for_serve(config));
    EXPECT_EQ(config.sandbox_listen, (ListenAddress{"127.0.0.1", 8090}));
    EXPECT_EQ(config.start_balance, Credits(20));
    EXPECT_EQ(config.worker_concurrency, 64);
    EXPECT_EQ(config.shutdown_timeout, Duration(25'000));
}

TEST(Config, AnEmptyVariableIsAnUnsetOne) {
    EXPECT_FALSE(config_of({{"TELEGRAM_BOT_TOKEN", ""}}).telegram_token);
}

TEST(Config, TheTokensAliasIsAccepted) {
    const std::string token = "123456:AAexample_token-of-some-length";
    EXPECT_EQ(config_of({{"TELEGRAM_TOKEN", token}}).telegram_token, token);
}

TEST(Config, AWrongTokenIsRefusedWithoutShowingIt) {
    const auto problem = problem_of({{"TELEGRAM_BOT_TOKEN", "verysecret but wrong"}});
    EXPECT_NE(problem.find("TELEGRAM_BOT_TOKEN"), std::string::npos);
    EXPECT_EQ(problem.find("verysecret"), std::string::npos);
}

TEST(Config, EachBadValueNamesItsVariable) {
    const Environment bad{
        {"TELEGRAM_API_URL", "ftp://example"},
        {"TELEGRAM_MODE", "carrier-pigeon"},
        {"TELEGRAM_PROXY", "socks9://x"},
        {"DATABASE_URL", "mysql://x"},
        {"DATABASE_REPLICA_URL", "postgresql://x/y"},
        {"RABBITMQ_URL", "http://x"},
        {"RESULT_STORE_URL", "file:"},
        {"SPEECH_PROVIDER", "nobody"},
        {"HTTP_LISTEN", "8080"},
        {"SANDBOX_LISTEN", "localhost:99999"},
        {"ADMIN_TELEGRAM_IDS", "12,boss"},
        {"START_BALANCE", "-1"},
        {"WORKER_CONCURRENCY", "0"},
        {"LOG_LEVEL", "loud"},
        {"LOG_FORMAT", "xml"},
        {"SHUTDOWN_TIMEOUT_S", "soon"},
        {"ASK_ABOVE", "1.5"},
        {"YANDEX_SERVICE_ACCOUNT_KEY_FILE", "/nonexistent"},
        {"YANDEX_AUTH", "magic"},
    };
    for (const auto& [name, value] : bad)
        EXPECT_TRUE(problem_of({{name, value}}).starts_with(name)) << name;
}

const Environment production{{"TELEGRAM_BOT_TOKEN", "123456:AAexample_token-of-some-length"},
                             {"DATABASE_URL", "postgresql://bot:secret@db1:5433,db2/ml"},
                             {"RABBITMQ_URL", "amqp://a:b@mq1,amqp://a:b@mq2"}};

TEST(Config, TheProductionSetIsThreeVariablesMore) {
    const auto config = config_of(production);
    EXPECT_FALSE(missing_for_production(config, "bot"));
    EXPECT_EQ(std::get<PostgresUrl>(config.database).url,
              "postgresql://bot:secret@db1:5433,db2/ml");
    EXPECT_EQ(config.rabbitmq.size(), 2U);
}

TEST(Config, WhatTheProductionSetLacksIsNamed) {
    for (const auto& [name, value] : production) {
        auto lacking = production;
        lacking.erase(name);
        const auto problem = missing_for_production(config_of(lacking), "worker");
        ASSERT_TRUE(problem) << name;
        EXPECT_TRUE(problem->message.starts_with(name));
        EXPECT_NE(problem->message.find("mlbilling worker"), std::string::npos);
    }
}

TEST(Config, ServeHasItsQueueInTheProcess) {
    const auto problem = unfit_for_serve(config_of(production));
    ASSERT_TRUE(problem);
    EXPECT_TRUE(problem->message.starts_with("RABBITMQ_URL"));
}

TEST(Config, NoProblemShowsASecret) {
    for (const auto* url :
         {"postgresql://bot:verysecret@db:port/ml", "postgresql://bot:verysecret@db/ml?color=1"})
        EXPECT_EQ(problem_of({{"DATABASE_URL", url}}).find("verysecret"), std::string::npos);
    EXPECT_EQ(problem_of({{"RABBITMQ_URL", "amqp://a:verysecret@h:99999"}}).find("verysecret"),
              std::string::npos);
}

TEST(Config, AWebhookNeedsItsAddressAndASecretThatCannotBeGuessed) {
    EXPECT_TRUE(problem_of({{"TELEGRAM_MODE", "webhook"}}).starts_with("WEBHOOK_URL"));
    const Environment guessable{{"TELEGRAM_MODE", "webhook"},
                                {"WEBHOOK_URL", "https://bot.example"},
                                {"WEBHOOK_SECRET", "1234"}};
    EXPECT_TRUE(problem_of(guessable).starts_with("WEBHOOK_SECRET"));
    auto good = guessable;
    good["WEBHOOK_SECRET"] = "0123456789abcdefABCDEF_-";
    EXPECT_EQ(config_of(good).webhook.value().url, "https://bot.example");
}

TEST(Config, AYandexKeyChoosesYandex) {
    const auto config = config_of({{"YANDEX_API_KEY", "AQVN-key"}, {"YANDEX_TTS_API", "v1"}});
    EXPECT_EQ(config.speech.providers, std::vector<std::string>{"yandex"});
    EXPECT_EQ(config.speech.yandex.value().synthesis, yandex::SynthesisApi::v1);
}

TEST(Config, AUsersTokenNeedsItsFolder) {
    EXPECT_TRUE(problem_of({{"YANDEX_OAUTH_TOKEN", "y0_token"}}).starts_with("YANDEX_FOLDER_ID"));
    EXPECT_EQ(config_of({{"YANDEX_OAUTH_TOKEN", "y0_token"}, {"YANDEX_FOLDER_ID", "b1g"}})
                  .speech.yandex.value()
                  .folder,
              "b1g");
}

TEST(Config, AServerOfOnesOwnHasMoreTimeThanOpenAi) {
    const auto limits_of = [](Environment environment) {
        environment["SPEECH_PROVIDER"] = "openai";
        return config_of(environment).speech.openai.value().time_limits;
    };
    const auto openais = limits_of({{"OPENAI_BASE_URL", "https://api.openai.com"}});
    EXPECT_EQ(openais.synthesis, Duration(30'000));
    EXPECT_EQ(openais.recognition, Duration(60'000));
    const auto own = limits_of({{"OPENAI_BASE_URL", "http://127.0.0.1:8000/openai.com"}});
    EXPECT_EQ(own.synthesis, Duration(300'000));
    EXPECT_EQ(own.recognition, Duration(300'000));
    const auto chosen = limits_of({{"OPENAI_BASE_URL", "https://api.openai.com"},
                                   {"OPENAI_TTS_TIMEOUT_S", "45"},
                                   {"OPENAI_STT_TIMEOUT_S", "75"}});
    EXPECT_EQ(chosen.synthesis, Duration(45'000));
    EXPECT_EQ(chosen.recognition, Duration(75'000));
    EXPECT_TRUE(problem_of({{"SPEECH_PROVIDER", "openai"},
                            {"OPENAI_BASE_URL", "https://api.openai.com"},
                            {"OPENAI_TTS_TIMEOUT_S", "soon"}})
                    .starts_with("OPENAI_TTS_TIMEOUT_S"));
}

TEST(Config, ACascadeNeedsWhatEachOfItsProvidersNeeds) {
    const Environment cascade{{"SPEECH_PROVIDER", "yandex,openai, local"}};
    EXPECT_TRUE(problem_of(cascade).starts_with("YANDEX_API_KEY"));
    auto half = cascade;
    half["YANDEX_API_KEY"] = "AQVN-key";
    EXPECT_TRUE(problem_of(half).starts_with("OPENAI_BASE_URL"));
    half["OPENAI_BASE_URL"] = "http://127.0.0.1:8000";
    EXPECT_EQ(config_of(half).speech.providers,
              (std::vector<std::string>{"yandex", "openai", "local"}));
    EXPECT_TRUE(problem_of({{"SPEECH_PROVIDER", "local,local"}}).starts_with("SPEECH_PROVIDER"));
}

TEST(Config, RecognitionAtYandexKnowsBothApis) {
    const auto api_of = [](const std::string& name) {
        return config_of({{"YANDEX_API_KEY", "AQVN-key"}, {"YANDEX_STT_API", name}})
            .speech.yandex.value()
            .recognition;
    };
    EXPECT_EQ(api_of(""), yandex::RecognitionApi::automatic);
    EXPECT_EQ(api_of("auto"), yandex::RecognitionApi::automatic);
    EXPECT_EQ(api_of("v1"), yandex::RecognitionApi::v1);
    EXPECT_EQ(api_of("v3"), yandex::RecognitionApi::v3);
    EXPECT_TRUE(problem_of({{"YANDEX_API_KEY", "AQVN-key"}, {"YANDEX_STT_API", "v2"}})
                    .starts_with("YANDEX_STT_API"));
}

TEST(Config, OnlyALocalServerGivesFilesOfMoreThan20Megabytes) {
    EXPECT_EQ(config_of({}).largest_file, std::size_t{20} << 20);
    EXPECT_EQ(config_of({{"TELEGRAM_LARGEST_FILE_MB", "5"}}).largest_file, std::size_t{5} << 20);
    EXPECT_TRUE(
        problem_of({{"TELEGRAM_LARGEST_FILE_MB", "21"}}).starts_with("TELEGRAM_LARGEST_FILE_MB"));
    const auto local = config_of(
        {{"TELEGRAM_LOCAL_FILES", "/var/lib/bot-api"}, {"TELEGRAM_LARGEST_FILE_MB", "200"}});
    EXPECT_EQ(local.telegram_local_files, "/var/lib/bot-api");
    EXPECT_EQ(local.largest_file, std::size_t{200} << 20);
    EXPECT_TRUE(
        problem_of({{"TELEGRAM_LOCAL_FILES", "bot-api"}}).starts_with("TELEGRAM_LOCAL_FILES"));
}

TEST(Config, AdminsAreAListOfIds) {
    const auto config = config_of({{"ADMIN_TELEGRAM_IDS", "12, 34"}});
    EXPECT_EQ(config.admins, (std::vector{TelegramId(12), TelegramId(34)}));
}

TEST(Config, TheLogIsJsonWhereNobodyWatches) {
    EXPECT_EQ(parse_config({}, false)->log_format, log::Format::json);
    EXPECT_EQ(parse_config({}, true)->log_format, log::Format::text);
}

TEST(EnvFile, LinesCommentsQuotesAndExports) {
    const auto parsed = parse_env_file(
        "# a comment\n\nA=1\nexport B = two words # tail\nC='x # y'\nD=\"q\"\r\nE=\n");
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(*parsed,
              (Environment{{"A", "1"}, {"B", "two words"}, {"C", "x # y"}, {"D", "q"}, {"E", ""}}));
}

TEST(EnvFile, ABadLineIsNamed) {
    const auto parsed = parse_env_file("A=1\nnot an assignment\n");
    ASSERT_FALSE(parsed.ok());
    EXPECT_NE(parsed.error().message.find("line 2"), std::string::npos);
}

}  // namespace
}  // namespace mlbilling
