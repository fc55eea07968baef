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
    EXPECT_EQ(config.grants_per_hour, 500);
    EXPECT_FALSE(config.producer_grant);
    EXPECT_EQ(config.worker_concurrency, 64);
    EXPECT_EQ(config.shutdown_timeout, Duration(25'000));
}

TEST(Config, AProducersWordGrantsOnlyWhereItIsSwitchedOn) {
    EXPECT_TRUE(config_of({{"PRODUCER_GRANT", "on"}}).producer_grant);
    EXPECT_FALSE(config_of({{"PRODUCER_GRANT", "off"}}).producer_grant);
    EXPECT_EQ(config_of({{"GRANTS_PER_HOUR", "0"}}).grants_per_hour, 0);
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
        {"HTTPS_PROXY", "http://proxy:99999"},
        {"all_proxy", "socks5h://u:p@ss@proxy:1080"},
        {"DATABASE_URL", "mysql://x"},
        {"DATABASE_REPLICA_URL", "postgresql://x/y"},
        {"RABBITMQ_URL", "http://x"},
        {"RESULT_STORE_URL", "file:"},
        {"SPEECH_PROVIDER", "nobody"},
        {"RESULT_STORE_URL", "s3://bucket/x?endpoint=http://h:99999"},
        {"BACKUP_DIRECTORY", "~/backups"},
        {"HTTP_LISTEN", "8080"},
        {"SANDBOX_LISTEN", "localhost:99999"},
        {"WEBHOOK_LISTEN", "8443"},
        {"ADMIN_TELEGRAM_IDS", "12,boss"},
        {"START_BALANCE", "-1"},
        {"GRANTS_PER_HOUR", "many"},
        {"PRODUCER_GRANT", "yes"},
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

TEST(Config, ThePortOfEveryAddressIsChecked) {
    const std::map<std::string, Environment> needs{
        {"TELEGRAM_API_URL", {}},
        {"WEBHOOK_URL", {{"TELEGRAM_MODE", "webhook"}}},
        {"OPENAI_BASE_URL", {{"SPEECH_PROVIDER", "openai"}}},
        {"YANDEX_TTS_URL", {{"YANDEX_API_KEY", "AQVN-key"}}},
        {"YANDEX_STT_URL", {{"YANDEX_API_KEY", "AQVN-key"}}},
        {"YANDEX_OPERATION_URL", {{"YANDEX_API_KEY", "AQVN-key"}}},
        {"YANDEX_IAM_URL", {{"YANDEX_API_KEY", "AQVN-key"}}},
        {"TELEGRAM_PROXY", {}},
        {"HTTPS_PROXY", {}},
        {"ALL_PROXY", {}},
    };
    for (const auto& [name, others] : needs)
        for (const auto* address : {"http://h:bad/", "http://h:99999", "http://h:0",
                                    "http://h:", "http://h:1:2", "http://:80", "http://h h:80"}) {
            auto environment = others;
            environment[name] = address;
            EXPECT_TRUE(problem_of(environment).starts_with(name)) << name << ' ' << address;
        }
}

TEST(Config, ABareSignInAPasswordIsNamedAndShowsNothing) {
    const std::map<std::string, std::vector<std::string>> bad{
        {"DATABASE_URL",
         {"postgresql://u:top@ge/heim@db:5432/ml", "postgresql://u:top@geheim@db/ml",
          "postgresql://u:top/geheim@db/ml", "postgresql://u:top%geheim@db/ml",
          "postgresql://u:top geheim@db/ml"}},
        {"RABBITMQ_URL",
         {"amqp://u:top@geheim@mq/", "amqp://u:top/geheim@mq/", "amqp://u:top#geheim@mq",
          "amqp://u:top?geheim@mq", "amqp://u:top%geheim@mq", "amqp://u:top,geheim@mq/"}},
        {"HTTPS_PROXY", {"http://u:top@geheim@proxy:1", "http://u:top/geheim@proxy:1"}}};
    for (const auto& [name, urls] : bad)
        for (const auto& url : urls) {
            const auto problem = problem_of({{name, url}});
            EXPECT_TRUE(problem.starts_with(name)) << problem;
            EXPECT_EQ(problem.find("heim"), std::string::npos) << problem;
            EXPECT_NE(problem.find('%'), std::string::npos) << problem;
        }
}

TEST(Config, BlanksAndLineEndsAroundAValueAreNoPartOfIt) {
    const auto config = config_of({{"DATABASE_URL", " sqlite:book.db\r\n"},
                                   {"START_BALANCE", "25\r"},
                                   {"ADMIN_TELEGRAM_IDS", "\t12 ,\t34 "}});
    EXPECT_EQ(std::get<SqliteFile>(config.database).path, "book.db");
    EXPECT_EQ(config.start_balance, Credits(25));
    EXPECT_EQ(config.admins.size(), 2U);
    EXPECT_TRUE(problem_of({{"DATABASE_URL", "sqlite:bo\rok.db"}}).starts_with("DATABASE_URL"));
}

TEST(Config, ProxiesAreThoseOfCurl) {
    const auto socks = config_of({{"TELEGRAM_PROXY", "socks5://user:pw@proxy:1080"}});
    EXPECT_EQ(socks.telegram_outgoing.proxy, "socks5h://user:pw@proxy:1080");
    EXPECT_EQ(config_of({{"ALL_PROXY", "SOCKS5://proxy:1"}}).outgoing.proxy, "socks5h://proxy:1");
    EXPECT_EQ(config_of({{"HTTPS_PROXY", "proxy:3128"}}).outgoing.proxy, "http://proxy:3128");

    const Environment both{{"HTTPS_PROXY", "http://large:1"},
                           {"https_proxy", "http://small:1"},
                           {"NO_PROXY", "large"},
                           {"no_proxy", "small"}};
    const auto config = config_of(both);
    EXPECT_EQ(config.outgoing.proxy, "http://small:1");
    EXPECT_EQ(config.outgoing.no_proxy, "small");
    EXPECT_EQ(config.telegram_outgoing.no_proxy, "small");
    EXPECT_EQ(config.telegram_outgoing.proxy, "http://small:1");
    // A server of one's own on http:// is not reached through the proxy for https://.
    EXPECT_EQ(config.telegram_outgoing.proxy_of_plain_http, "");
    EXPECT_EQ(config_of({{"ALL_PROXY", "http://all:1"}}).outgoing.proxy_of_plain_http,
              "http://all:1");

    auto off = both;
    off["TELEGRAM_PROXY"] = "";
    EXPECT_EQ(config_of(off).telegram_outgoing.proxy, "");
    EXPECT_EQ(config_of(off).outgoing.proxy, "http://small:1");
    auto own = both;
    own["TELEGRAM_PROXY"] = "http://own:1";
    EXPECT_EQ(config_of(own).telegram_outgoing.proxy, "http://own:1");
    EXPECT_FALSE(config_of(own).telegram_outgoing.proxy_of_plain_http);
    EXPECT_EQ(config_of(own).telegram_outgoing.no_proxy, "small");
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

TEST(Config, AWebhookMayHaveAListenerOfItsOwn) {
    EXPECT_FALSE(config_of({}).webhook_listen);
    EXPECT_EQ(config_of({{"WEBHOOK_LISTEN", "127.0.0.1:9081"}}).webhook_listen,
              (ListenAddress{"127.0.0.1", 9081}));
    EXPECT_TRUE(
        problem_of({{"HTTP_LISTEN", "127.0.0.1:9081"}, {"WEBHOOK_LISTEN", "127.0.0.1:9081"}})
            .starts_with("WEBHOOK_LISTEN "));
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

}  // namespace
}  // namespace mlbilling
