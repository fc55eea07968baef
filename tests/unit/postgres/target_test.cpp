// How a database's URL is read.
#include "adapters/postgres/target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace mlbilling::postgres {
namespace {

std::string parameter(const Target& target, const std::string& keyword) {
    for (const auto& [each, value] : target.parameters)
        if (each == keyword) return value;
    return {};
}

TEST(ParseTarget, ReadsHostPortNameAndUser) {
    const auto target = parse_target("postgresql://ann:secret@db.example.org:6000/ml");
    ASSERT_TRUE(target.ok());
    ASSERT_EQ(target->hosts.size(), 1U);
    EXPECT_EQ(target->hosts[0].name, "db.example.org");
    EXPECT_EQ(target->hosts[0].port, "6000");
    EXPECT_EQ(parameter(*target, "user"), "ann");
    EXPECT_EQ(parameter(*target, "password"), "secret");
    EXPECT_EQ(parameter(*target, "dbname"), "ml");
    EXPECT_FALSE(target->transaction_pooler);
}

TEST(ParseTarget, ReadsSeveralHostsInOrder) {
    const auto target = parse_target("postgresql://u@one:1,two,three:3/ml?hostaddr=::1,,");
    ASSERT_TRUE(target.ok());
    ASSERT_EQ(target->hosts.size(), 3U);
    EXPECT_EQ(target->hosts[0].name, "one");
    EXPECT_EQ(target->hosts[0].address, "::1");
    EXPECT_EQ(target->hosts[0].port, "1");
    EXPECT_EQ(target->hosts[1].name, "two");
    EXPECT_EQ(target->hosts[1].port, "");
    EXPECT_EQ(target->hosts[2].port, "3");
}

TEST(ParseTarget, LooksForTheServerThatCanBeWrittenTo) {
    EXPECT_EQ(parameter(*parse_target("postgresql://h/ml"), "target_session_attrs"), "read-write");
    EXPECT_EQ(parameter(*parse_target("postgresql://h/ml?target_session_attrs=any"),
                        "target_session_attrs"),
              "any");
}

TEST(ParseTarget, NoticesALostPeerUnlessToldOtherwise) {
    EXPECT_EQ(parameter(*parse_target("postgresql://h/ml"), "tcp_user_timeout"), "15000");
    EXPECT_EQ(parameter(*parse_target("postgresql://h/ml?tcp_user_timeout=1"), "tcp_user_timeout"),
              "1");
}

TEST(ParseTarget, KnowsOfAPooler) {
    const auto target =
        parse_target("postgresql://h/ml?sslmode=disable&pooler=transaction&connect_timeout=7");
    ASSERT_TRUE(target.ok());
    EXPECT_TRUE(target->transaction_pooler);
    EXPECT_EQ(parameter(*target, "sslmode"), "disable");
    EXPECT_EQ(target->connect_timeout, Duration(7'000));
    EXPECT_FALSE(parse_target("postgresql://h/ml?pooler=session")->transaction_pooler);
}

TEST(ParseTarget, RefusesASignThatWouldMakeAPasswordPartOfAHost) {
    const std::pair<const char*, const char*> wrong[]{
        {"postgresql://u:ge@heim@db:5432/ml", "%40"}, {"postgresql://u:1@ge/heim@db/ml", "%40"},
        {"postgresql://u:1/heim@db/ml", "%2F"},       {"postgresql://u:ge/heim@db/ml", "%2F"},
        {"postgresql://u:ge%heim@db/ml", "%25"},      {"postgresql://u:ge heim@db/ml", "%20"}};
    for (const auto& [url, word] : wrong) {
        const auto target = parse_target(url);
        ASSERT_FALSE(target.ok()) << url;
        EXPECT_THAT(target.error().message, testing::HasSubstr(word)) << url;
        EXPECT_THAT(target.error().message, testing::Not(testing::HasSubstr("heim"))) << url;
    }
}

TEST(ParseTarget, TakesAPasswordWithOtherSigns) {
    for (const auto* password : {"a?b", "a?pooler=x&&b", "a#b", "a:b", "a%40b"}) {
        const auto target = parse_target("postgresql://u:" + std::string(password) +
                                         "@db/ml?pooler=transaction&password_is=not");
        EXPECT_FALSE(target.ok()) << password;
        const auto good =
            parse_target("postgresql://u:" + std::string(password) + "@db/ml?pooler=transaction");
        ASSERT_TRUE(good.ok()) << password << ": " << good.error().message;
        EXPECT_EQ(good->hosts.at(0).name, "db");
        EXPECT_TRUE(good->transaction_pooler);
        EXPECT_EQ(parameter(*good, "password"),
                  std::string_view(password) == "a%40b" ? "a@b" : password);
    }
}

TEST(ParseTarget, SaysWhatIsWrongWithoutTheSecret) {
    for (const auto* url :
         {"mysql://u:secret@h/ml", "postgresql://u:secret@h:1,i:2,j/ml?port=1,2",
          "postgresql://u:secret@h/ml?pooler=statement", "postgresql://u:secret@h/ml?nonsense=1",
          "postgresql://u:secret@h/ml?connect_timeout=soon", "postgresql://u:sec%ret@h/ml"}) {
        const auto target = parse_target(url);
        ASSERT_FALSE(target.ok()) << url;
        EXPECT_THAT(target.error().message, testing::Not(testing::ContainsRegex("secret|sec%ret")))
            << url;
    }
}

}  // namespace
}  // namespace mlbilling::postgres
