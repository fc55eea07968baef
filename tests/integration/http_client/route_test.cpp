#include <gmock/gmock.h>

#include <cstdlib>

#include "integration/http_client/fixture.hpp"
#include "integration/http_client/tls_server.hpp"
#include "support/temporary_directory.hpp"

// Proxies and TLS.
namespace mlbilling::test {
namespace {

using ::testing::ElementsAre;

class HttpRoute : public HttpClientTest {
  protected:
    HttpFailure::Kind kind_of(HttpCall call) {
        const auto result = perform(std::move(call));
        if (!result.ok()) return result.error().kind;
        ADD_FAILURE() << "answered with " << result->status;
        return {};
    }
    HttpCall call_to(const std::string& url) {
        HttpCall call;
        call.url = url;
        return call;
    }
    HttpOptions through(const std::string& proxy) {
        HttpOptions options;
        options.proxy = proxy;
        return options;
    }
};

TEST_F(HttpRoute, AnHttpProxyIsAskedForTheWholeAddress) {
    use(through(server.url()));
    ASSERT_TRUE(perform(call_to("http://bot.invalid/path")).ok());
    EXPECT_EQ(server.requests().back().target, "http://bot.invalid/path");
    EXPECT_EQ(server.requests().back().headers.at("host"), "bot.invalid");
}

TEST_F(HttpRoute, AHostThatIsExemptIsReachedDirectly) {
    auto options = through("http://127.0.0.1:" + std::to_string(unused_port(loop)));
    options.no_proxy = "example.org,127.0.0.0/8";
    use(options);
    EXPECT_TRUE(perform(get("/x")).ok());
}

TEST_F(HttpRoute, TheEnvironmentIsNotLookedAt) {
    const auto dead = "http://127.0.0.1:" + std::to_string(unused_port(loop));
    for (const auto* name : {"http_proxy", "ALL_PROXY", "all_proxy"}) setenv(name, dead.c_str(), 1);
    EXPECT_TRUE(perform(get("/x")).ok());
    for (const auto* name : {"http_proxy", "ALL_PROXY", "all_proxy"}) unsetenv(name);
}

TEST_F(HttpRoute, ASocksProxyResolvesTheName) {
    ScriptedServer socks(loop, script, /*socks=*/true);
    use(through("socks5h://127.0.0.1:" + std::to_string(socks.port())));
    ASSERT_TRUE(perform(call_to("http://bot.invalid:8081/path")).ok());
    EXPECT_THAT(socks.socks_targets(), ElementsAre("bot.invalid:8081"));
    EXPECT_EQ(socks.requests().back().target, "/path");
}

TEST_F(HttpRoute, AProxyThatRefusesOrStallsOrIsAbsentMeansNotSent) {
    const auto target = call_to("https://bot.invalid/secret");
    use(through(server.url()));
    answer_always(reply_with(403, "<html>no</html>"));
    EXPECT_EQ(kind_of(target), HttpFailure::Kind::not_sent);
    answer_always(reply_by(Kind::close));
    EXPECT_EQ(kind_of(target), HttpFailure::Kind::not_sent);
    answer_always(reply_by(Kind::stall));
    auto impatient = target;
    impatient.connect_deadline = Duration(50);
    EXPECT_EQ(kind_of(impatient), HttpFailure::Kind::not_sent);
    EXPECT_EQ(server.requests().back().method, "CONNECT");
    use(through("http://127.0.0.1:" + std::to_string(unused_port(loop))));
    EXPECT_EQ(kind_of(target), HttpFailure::Kind::not_sent);
}

TEST_F(HttpRoute, OnlyACertificateOfATrustedAuthorityForThatHostIsAccepted) {
    const TemporaryDirectory directory;
    const auto authority = (directory.path() / "authority.pem").string();
    const TlsServer tls("127.0.0.1", authority);
    const auto call = call_to("https://127.0.0.1:" + std::to_string(tls.port()) + "/secret");
    EXPECT_EQ(kind_of(call), HttpFailure::Kind::not_sent);
    HttpOptions trusting;
    trusting.authorities_file = authority;
    use(trusting);
    EXPECT_TRUE(perform(call).ok());

    const TlsServer other("other.invalid", authority);
    use(trusting);
    const auto wrong_host =
        call_to("https://127.0.0.1:" + std::to_string(other.port()) + "/secret");
    EXPECT_EQ(kind_of(wrong_host), HttpFailure::Kind::not_sent);
}

TEST(HttpProxyAddress, OnlyHttpAndSocks5hWithAHostCanBeUsed) {
    for (const auto* good :
         {"", "http://proxy:3128", "http://user:pass@10.0.0.1:3128", "socks5h://[::1]:1080"})
        EXPECT_FALSE(problem_with_proxy(good)) << good;
    for (const auto* bad : {"proxy:3128", "https://proxy:1", "socks5://proxy:1", "http://",
                            "http://a b", "http://proxy:3128\r\nX: y", "ftp://proxy"})
        EXPECT_TRUE(problem_with_proxy(bad)) << bad;
    EXPECT_EQ(problem_with_proxy("socks4://user:hidden@h:1")->message.find("hidden"),
              std::string::npos);
}

}  // namespace
}  // namespace mlbilling::test
