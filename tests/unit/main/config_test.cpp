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
    EXPECT_EQ(config.database_path, "data/mlbilling.db");
    EXPECT_EQ(config.results_directory, "data/results");
    EXPECT_EQ(config.http_listen, (ListenAddress{"127.0.0.1", 8080}));
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
        {"RABBITMQ_URL", "amqp://x"},
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
    };
    for (const auto& [name, value] : bad)
        EXPECT_TRUE(problem_of({{name, value}}).starts_with(name)) << name;
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
