#include "broker_fixture.hpp"

namespace mlbilling::test {
namespace {

class RabbitmqTls : public RabbitmqTest {
  protected:
    RabbitmqTls() {
        address.host = "localhost";
        address.port = server().tls_port();
        address.tls = true;
        address.authority_file = server().authority_file();
    }
};

TEST_F(RabbitmqTls, CarriesMessagesOfAnySize) {
    ASSERT_TRUE(check().ok());
    const std::string large(2'000'000, 'x');
    ASSERT_EQ(publish(task_queue(), large), Published::confirmed);
    EXPECT_EQ(receive(task_queue()).message.body, large);
}

TEST_F(RabbitmqTls, RefusesAServerWhoseAuthorityIsUnknown) {
    address.authority_file.clear();
    const auto version = check();
    ASSERT_FALSE(version.ok());
    EXPECT_NE(version.error().message.find("no TLS"), std::string::npos) << version.error().message;
}

TEST_F(RabbitmqTls, RefusesACertificateOfAnotherName) {
    address.host = "127.0.0.1";
    EXPECT_FALSE(check().ok());
}

TEST_F(RabbitmqTls, NamesTheFileThatCannotBeUsed) {
    address.authority_file = "/nowhere/authority.pem";
    EXPECT_NE(check().error().message.find("/nowhere/authority.pem"), std::string::npos);
    EXPECT_TRUE(broker().is_refused());
}

}  // namespace
}  // namespace mlbilling::test
