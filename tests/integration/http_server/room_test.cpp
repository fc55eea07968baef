#include <fcntl.h>
#include <sys/resource.h>

#include "base/descriptor.hpp"
#include "base/log_lines.hpp"
#include "server_fixture.hpp"

// What strangers hold without asking for anything: bytes, connections, descriptors.
namespace mlbilling::test {
namespace {

using Clients = std::vector<std::unique_ptr<HttpClient>>;

std::string announced(std::size_t size, const std::string& begin = "") {
    return "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
           begin;
}

TEST_F(HttpServerTest, ABodyThatIsOnlyAnnouncedTakesNoRoom) {
    HttpLimits limits;
    limits.max_body = 1'000'000;
    limits.max_all_bodies = 1'000'000;
    start(limits);
    Clients clients;
    for (int i = 0; i < 50; ++i) clients.push_back(client_that_sent(announced(1'000'000)));
    EXPECT_EQ(post(std::string(999'999, 'x')).status, 200);
    run(loop, clients.back()->send(std::string(1'000'000, 'x')));
    EXPECT_EQ(run(loop, clients.back()->receive()).status, 200);
}

TEST_F(HttpServerTest, TheBodyThatHasBeenComingForLongestMakesRoomForAnother) {
    HttpLimits limits;
    limits.max_body = 1'000;
    limits.max_all_bodies = 1'500;
    start(limits);
    const auto slowest = client_that_sent(announced(1'000, std::string(400, 'x')));
    const auto slow = client_that_sent(announced(1'000, std::string(400, 'x')));
    EXPECT_EQ(post(std::string(1'000, 'x')).status, 200);
    EXPECT_TRUE(run(loop, slowest->at_end()));
    run(loop, slow->send(std::string(600, 'x')));
    EXPECT_EQ(run(loop, slow->receive()).status, 200);
}

TEST_F(HttpServerTest, BodiesThatAreBeingWorkedOnMakeNoRoom) {
    HttpLimits limits;
    limits.max_body = 1'000;
    limits.max_all_bodies = 1'500;
    start(limits);
    handler->waits = true;
    const auto busy = client_that_sent(announced(1'000, std::string(1'000, 'x')));
    until([&] { return !handler->seen.empty(); });
    EXPECT_EQ(post(std::string(1'000, 'x')).status, 503);
    EXPECT_FALSE(handler->cancelled);
}

TEST_F(HttpServerTest, OneClientHasOnlySoManyBodiesHalfSent) {
    HttpLimits limits;
    limits.max_half_read_per_client = 2;
    start(limits);
    const auto first = client_that_sent(announced(4, "a"));
    const auto second = client_that_sent(announced(4, "a"));
    const auto third = client_that_sent(announced(4, "a"));
    EXPECT_TRUE(run(loop, first->at_end()));
    EXPECT_EQ(post("body").status, 200);
    run(loop, third->send("bcd"));
    EXPECT_EQ(run(loop, third->receive()).status, 200);
}

TEST_F(HttpServerTest, ConnectionsThatOnlyWaitMakeRoomTheOldestFirst) {
    HttpLimits limits;
    limits.max_connections = 3;
    start(limits);
    const auto request = request_text(server->port(), "GET", "/");
    const auto used_again = client_that_sent(request);
    EXPECT_EQ(run(loop, used_again->receive()).status, 200);
    const auto oldest = client_that_sent("");
    const auto reading = client_that_sent("GET / HT");
    run(loop, used_again->send(request));
    EXPECT_EQ(run(loop, used_again->receive()).status, 200);
    for (int i = 0; i < 50; ++i) EXPECT_EQ(get("/").status, 200);
    EXPECT_TRUE(run(loop, oldest->at_end()));
    run(loop, reading->send("TP/1.1\r\nHost: x\r\n\r\n"));
    EXPECT_EQ(run(loop, reading->receive()).status, 200);
}

TEST_F(HttpServerTest, ConnectionsThatSendSlowlyMakeRoomTheOldestFirst) {
    HttpLimits limits;
    limits.max_connections = 2;
    start(limits);
    const auto slowest = client_that_sent("GET / HT");
    const auto slow = client_that_sent(announced(4, "a"));
    loop.restart();
    loop.poll();
    const auto newcomer = client_that_sent(request_text(server->port(), "GET", "/"));
    EXPECT_EQ(run(loop, newcomer->receive()).status, 200);
    EXPECT_TRUE(run(loop, slowest->at_end()));
}

TEST_F(HttpServerTest, ConnectionsThatReadSlowlyMakeRoom) {
    HttpLimits limits;
    limits.max_connections = 1;
    start(limits);
    handler->response.body = std::string(50'000'000, 'x');
    const auto slow = client_that_sent(request_text(server->port(), "GET", "/large"));
    until([&] { return !handler->seen.empty(); });
    handler->response.body = "small";
    EXPECT_EQ(get("/").body, "small");
}

TEST_F(HttpServerTest, WhomAHandlerIsWorkingForIsLeftAlone) {
    HttpLimits limits;
    limits.max_connections = 1;
    start(limits);
    handler->waits = true;
    const auto busy = client_that_sent(request_text(server->port(), "GET", "/"));
    until([&] { return !handler->seen.empty(); });
    const auto newcomer = client_that_sent("");
    EXPECT_EQ(run(loop, newcomer->receive()).status, 503);
    EXPECT_FALSE(handler->cancelled);
}

/// Leaves the process only a few descriptors more than it has, until the test ends.
class DescriptorLimit {
  public:
    explicit DescriptorLimit(int more) {
        getrlimit(RLIMIT_NOFILE, &before_);
        const Descriptor next(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        auto limit = before_;
        limit.rlim_cur = static_cast<rlim_t>(next.number() + more);
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    ~DescriptorLimit() { setrlimit(RLIMIT_NOFILE, &before_); }
    DescriptorLimit(const DescriptorLimit&) = delete;
    DescriptorLimit& operator=(const DescriptorLimit&) = delete;

  private:
    rlimit before_{};
};

// UndefinedBehaviorSanitizer opens a pipe to look at an object's type, and takes a pipe that it
// cannot have for a broken object.
#if __has_feature(undefined_behavior_sanitizer)
constexpr bool sanitizer_wants_descriptors = true;
#else
constexpr bool sanitizer_wants_descriptors = false;
#endif

TEST_F(HttpServerTest, WithoutDescriptorsConnectionsThatOnlyWaitMakeRoom) {
    if (sanitizer_wants_descriptors) GTEST_SKIP();
    start();
    Clients clients;
    for (int i = 0; i < 30; ++i)
        clients.push_back(std::make_unique<HttpClient>(loop, server->port()));
    for (const auto& client : clients) client->open();
    const auto warnings = log::lines(log::Level::warning);
    const DescriptorLimit limit(5);
    for (const auto& client : clients) run(loop, client->connect());
    run(loop, clients.back()->send(request_text(server->port(), "GET", "/")));
    EXPECT_EQ(run(loop, clients.back()->receive()).status, 200);
    EXPECT_EQ(log::lines(log::Level::warning), warnings + 1);
}

TEST_F(HttpServerTest, WithoutDescriptorsANewcomerIsTurnedAwayAndNobodyElse) {
    if (sanitizer_wants_descriptors) GTEST_SKIP();
    start();
    handler->waits = true;
    Clients clients;
    for (int i = 0; i < 12; ++i)
        clients.push_back(std::make_unique<HttpClient>(loop, server->port()));
    for (const auto& client : clients) client->open();
    const auto warnings = log::lines(log::Level::warning);
    {
        const DescriptorLimit limit(4);
        for (const auto& client : clients) {
            run(loop, client->connect());
            run(loop, client->send(request_text(server->port(), "GET", "/")));
        }
        for (std::size_t i = 4; i < clients.size(); ++i)
            EXPECT_TRUE(run(loop, clients[i]->at_end())) << i;
    }
    EXPECT_FALSE(handler->cancelled);
    EXPECT_THAT(handler->seen.size(), testing::AllOf(testing::Ge(1U), testing::Le(4U)));
    EXPECT_EQ(log::lines(log::Level::warning), warnings + 1);
}

}  // namespace
}  // namespace mlbilling::test
