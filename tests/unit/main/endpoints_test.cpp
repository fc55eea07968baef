#include "main/endpoints.hpp"

#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <string>

#include "base/log_lines.hpp"
#include "support/virtual_clock.hpp"

namespace mlbilling::test {
namespace {

using testing::HasSubstr;

/// A database that answers after a while, or never.
class EndpointsTest : public testing::Test {
  protected:
    EndpointsTest() {
        boost::asio::co_spawn(loop, endpoints.run(), [this](std::exception_ptr error) {
            EXPECT_FALSE(error);
            ended = true;
        });
        clock.drain();
    }
    ~EndpointsTest() override {
        endpoints.stop();
        clock.advance(Duration(1));
        EXPECT_TRUE(ended);
    }

    Async<Statistics> statistics() {
        ++sums_asked;
        co_await answer();
        Statistics sums;
        sums.users = users;
        co_return sums;
    }
    Async<std::optional<Time>> last_backup() {
        ++probes_asked;
        co_await answer();
        co_return std::nullopt;
    }
    Async<void> answer() {
        co_await clock.sleep(takes);
        if (down) throw Unavailable("the database is down");
    }

    /// What is answered, and how long that takes.
    HttpResponse get(const std::string& path) {
        HttpRequest request;
        request.method = "GET";
        request.target = request.path = path;
        std::optional<HttpResponse> response;
        const auto began = clock.now();
        boost::asio::co_spawn(loop, endpoints.answer(request),
                              [&](std::exception_ptr error, HttpResponse made) {
                                  EXPECT_FALSE(error);
                                  response = std::move(made);
                              });
        while (clock.drain(), !response && clock.step(clock.now() + Duration(60'000))) {
        }
        took = clock.now() - began;
        return response.value_or(HttpResponse());
    }

    boost::asio::io_context loop;
    VirtualClock clock{loop};
    prometheus_text::PrometheusMetrics metrics{"1", "local"};
    std::optional<std::string> trouble;
    Duration takes{10};
    bool down = false;
    int users = 5;
    int sums_asked = 0;
    int probes_asked = 0;
    Duration took{};
    bool ended = false;
    Endpoints endpoints{{[this] { return statistics(); }, [this] { return last_backup(); }},
                        clock,
                        metrics,
                        [this] { return trouble; },
                        [] { return LedgerState(); }};
};

TEST_F(EndpointsTest, IsReadyWhileTheDatabaseAnswers) {
    EXPECT_EQ(get("/readyz").status, 200);
    trouble = "draining";
    const auto response = get("/readyz");
    EXPECT_EQ(response.status, 503);
    EXPECT_THAT(response.body, HasSubstr("draining"));
}

TEST_F(EndpointsTest, AFrozenDatabaseIsToldInTime) {
    EXPECT_EQ(get("/readyz").status, 200);
    clock.advance(Duration(10'000));
    takes = std::chrono::hours(1);
    for (int probe = 0; probe < 3; ++probe) {
        const auto response = get("/readyz");
        EXPECT_EQ(response.status, 503);
        EXPECT_THAT(response.body, HasSubstr("database: does not answer"));
        EXPECT_LT(took, Duration(2'000));
        EXPECT_EQ(get("/healthz").status, 200);
    }
    EXPECT_EQ(probes_asked, 2);
}

TEST_F(EndpointsTest, MetricsOfAFrozenDatabaseAreTheLastKnownOnesWithTheirAge) {
    EXPECT_THAT(get("/metrics").body, HasSubstr("mlbilling_users 5"));
    takes = std::chrono::hours(1);
    users = 6;
    clock.advance(Duration(98'500));
    const auto response = get("/metrics");
    EXPECT_LT(took, Duration(2'000));
    EXPECT_EQ(response.status, 200);
    EXPECT_THAT(response.body, HasSubstr("mlbilling_users 5"));
    EXPECT_THAT(response.body, HasSubstr("mlbilling_statistics_age_seconds 100"));
}

TEST_F(EndpointsTest, SumsAreReadOnceForScrapesThatComeTogether) {
    get("/metrics");
    get("/metrics");
    EXPECT_EQ(sums_asked, 1);
    clock.advance(Duration(10'000));
    users = 6;
    EXPECT_THAT(get("/metrics").body, HasSubstr("mlbilling_users 6"));
    EXPECT_EQ(sums_asked, 2);
}

TEST_F(EndpointsTest, AnOutageIsToldOnceAndOver) {
    const auto warnings = log::lines(log::Level::warning);
    down = true;
    for (int probe = 0; probe < 5; ++probe) {
        EXPECT_EQ(get("/readyz").status, 503);
        EXPECT_LT(took, Duration(100));
    }
    EXPECT_EQ(log::lines(log::Level::warning), warnings + 1);
    down = false;
    EXPECT_EQ(get("/readyz").status, 200);
}

TEST_F(EndpointsTest, OnlyWhatIsServedGetsBeyondItsHead) {
    const auto status = [](const std::string& method, const std::string& target) {
        HttpRequest head;
        head.method = method;
        head.target = target;
        const auto admission = Endpoints::admit(head);
        EXPECT_TRUE(admission.refusal || admission.max_body == 0);
        return admission.refusal ? admission.refusal->status : 200;
    };
    for (const char* known : {"/healthz", "/readyz", "/metrics", "/metrics?a=b"}) {
        EXPECT_EQ(status("GET", known), 200) << known;
        EXPECT_EQ(status("POST", known), 405) << known;
    }
    for (const char* unknown : {"/", "/metrics/", "/%6detrics", "//metrics", "/telegram/webhook"})
        EXPECT_EQ(status("GET", unknown), 404) << unknown;
    EXPECT_EQ(status("POST", "/telegram/webhook"), 404);
}

}  // namespace
}  // namespace mlbilling::test
