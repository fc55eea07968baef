#include "adapters/rabbitmq/address.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "adapters/rabbitmq/version.hpp"

namespace mlbilling::rabbitmq {
namespace {

Address only(std::string_view url) { return parse_addresses(url)->at(0); }

TEST(RabbitmqAddress, WithNothingButAHostHasTheDefaultsOfRabbitmq) {
    const auto address = only("amqp://broker");
    EXPECT_EQ(address.host, "broker");
    EXPECT_EQ(address.port, 5672);
    EXPECT_EQ(address.user, "guest");
    EXPECT_EQ(address.password, "guest");
    EXPECT_EQ(address.virtual_host, "/");
    EXPECT_FALSE(address.tls);
}

TEST(RabbitmqAddress, HasEverythingThatTheUrlSays) {
    const auto address = only(
        "amqps://bot:p%40ss%2Cword@broker.example:5673/speech"
        "?cacertfile=/a.pem&certfile=/b.pem&keyfile=/c.pem");
    EXPECT_EQ(address.name(), "broker.example:5673");
    EXPECT_EQ(address.user, "bot");
    EXPECT_EQ(address.password, "p@ss,word");
    EXPECT_EQ(address.virtual_host, "speech");
    EXPECT_TRUE(address.tls);
    EXPECT_EQ(address.authority_file, "/a.pem");
    EXPECT_EQ(address.certificate_file, "/b.pem");
    EXPECT_EQ(address.key_file, "/c.pem");
}

TEST(RabbitmqAddress, OfTlsHasThePortOfTls) { EXPECT_EQ(only("amqps://broker").port, 5671); }

TEST(RabbitmqAddress, MayBeNumeric) {
    EXPECT_EQ(only("amqp://10.0.0.1/").host, "10.0.0.1");
    EXPECT_EQ(only("amqp://[::1]:5673").host, "::1");
    EXPECT_EQ(only("amqp://[::1]:5673").name(), "[::1]:5673");
}

TEST(RabbitmqAddress, NamesAVirtualHostWithSlashesPercentEncoded) {
    EXPECT_EQ(only("amqp://broker/").virtual_host, "/");
    EXPECT_EQ(only("amqp://broker/%2F").virtual_host, "/");
    EXPECT_EQ(only("amqp://broker/a%2Fb").virtual_host, "a/b");
    EXPECT_FALSE(parse_addresses("amqp://broker/a/b").ok());
}

TEST(RabbitmqAddress, MayBeSeveral) {
    const auto addresses = parse_addresses("amqp://a,amqp://b:1,amqps://c");
    ASSERT_TRUE(addresses.ok());
    ASSERT_EQ(addresses->size(), 3U);
    EXPECT_EQ((*addresses)[1].name(), "b:1");
    EXPECT_TRUE((*addresses)[2].tls);
}

TEST(RabbitmqAddress, MayHaveBlanksBehindItsCommas) {
    const auto addresses = parse_addresses(" amqp://a, amqp://b:1 ,\tamqps://c");
    ASSERT_TRUE(addresses.ok()) << addresses.error().message;
    ASSERT_EQ(addresses->size(), 3U);
    EXPECT_EQ((*addresses)[2].host, "c");
}

TEST(RabbitmqAddress, IsBlamedForWhatIsWrongWithIt) {
    const std::pair<const char*, const char*> wrong[]{
        {"amqp://u:ge@heim@b", "%40"},      {"amqp://u:ge,heim@b", "%2C"},
        {"amqp://a,amqp://u:x,y@b", "%2C"}, {"amqp://u:ge/heim@b", "%2F"},
        {"amqp://u:ge#heim@b", "%23"},      {"amqp://u:ge?heim@b", "%3F"},
        {"amqp://u:ge%heim@b", "%25"},      {"amqp://u:ge heim@b", "%20"},
        {"amqp://a,,amqp://b", "comma"},    {"amqp://a,", "comma"},
        {"amqp://b:99999", "port"},         {"http://b", "amqp://"},
        {"amqp://b:bad", "port"},           {"amqp://b:1:2", "port"}};
    for (const auto& [url, word] : wrong) {
        const auto addresses = parse_addresses(url);
        ASSERT_FALSE(addresses.ok()) << url;
        EXPECT_NE(addresses.error().message.find(word), std::string::npos)
            << url << ": " << addresses.error().message;
        EXPECT_EQ(addresses.error().message.find("heim"), std::string::npos) << url;
    }
}

TEST(RabbitmqAddress, ThatIsNoneIsAProblemThatKeepsThePasswordSecret) {
    for (const auto* url :
         {"", "broker", "http://u:geheim@b", "amqp://", "amqp://u:geheim@b:0",
          "amqp://u:geheim@b:65536", "amqp://u:geheim@b,", "amqp://u:geheim@b?verify=verify_none",
          "amqp://u:geheim@b?cacertfile=/a", "amqps://u:geheim@b?certfile=/a",
          "amqp://u:geheim@b c"}) {
        const auto addresses = parse_addresses(url);
        ASSERT_FALSE(addresses.ok()) << url;
        EXPECT_EQ(addresses.error().message.find("geheim"), std::string::npos) << url;
    }
}

TEST(RabbitmqVersion, IsComparedByItsNumbers) {
    EXPECT_LT(*parse_version("3.9.29"), oldest_version);
    EXPECT_EQ(*parse_version("3.10.8"), oldest_version);
    EXPECT_GT(*parse_version("4.1.0-rc.1"), oldest_version);
    for (const auto* text : {"", "three", "3", "3.", ".1"})
        EXPECT_FALSE(parse_version(text)) << text;
}

}  // namespace
}  // namespace mlbilling::rabbitmq
