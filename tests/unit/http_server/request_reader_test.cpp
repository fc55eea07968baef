#include "adapters/http_server/request_reader.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <vector>

// The reader of a connection without the connection.
namespace mlbilling {
namespace {

using Progress = RequestReader::Progress;
using testing::ElementsAre;

/// What came of the bytes, each request as `method path body`, a refusal as its status.
class Reading {
  public:
    void take(std::string_view bytes) {
        reader_.feed(bytes);
        for (;;) {
            switch (reader_.advance()) {
                case Progress::more: return;
                case Progress::head: reader_.take_body(1'000); break;
                case Progress::complete: tell(reader_.take()); break;
                case Progress::refused:
                    if (!refused_) seen.push_back(std::to_string(reader_.refusal()));
                    refused_ = true;
                    return;
            }
        }
    }
    bool is_idle() const { return reader_.is_idle(); }

    std::vector<std::string> seen;

  private:
    void tell(const HttpRequest& request) {
        seen.push_back(request.method + " " + request.path + " " + request.body);
    }

    RequestReader reader_{2'000};
    bool refused_ = false;
};

const std::string get = "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string post = "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody";
const std::string chunked =
    "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: y\r\n\r\n";

TEST(RequestReader, ReadsOneRequestAfterTheOther) {
    Reading reading;
    reading.take(get + post + chunked + get);
    EXPECT_THAT(reading.seen, ElementsAre("GET /a ", "POST /b body", "POST /c abcde", "GET /a "));
    EXPECT_TRUE(reading.is_idle());
    reading.take(get.substr(0, 1));
    EXPECT_FALSE(reading.is_idle());
}

TEST(RequestReader, HoldsNothingOfABodyThatIsOnlyAnnounced) {
    RequestReader reader(2'000);
    reader.feed("POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\n12345");
    ASSERT_EQ(reader.advance(), Progress::head);
    EXPECT_TRUE(reader.has_body());
    reader.take_body(1'000'000'000);
    EXPECT_EQ(reader.advance(), Progress::more);
    EXPECT_EQ(reader.body_size(), 5U);
    EXPECT_LT(reader.request().body.capacity(), 1'000U);
}

TEST(RequestReader, NothingIsReadAfterARefusal) {
    Reading reading;
    reading.take("nonsense\r\n\r\n" + get);
    reading.take(get);
    EXPECT_THAT(reading.seen, ElementsAre("400"));
}

TEST(RequestReader, ABodyBeyondWhatMayComeIsRefusedByItsHead) {
    Reading reading;
    reading.take("POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
    EXPECT_THAT(reading.seen, ElementsAre("413"));
}

/// A stream of requests of which some bytes are wrong.
std::string damaged(std::mt19937& dice) {
    std::string bytes;
    for (int i = 0; i < 4; ++i) bytes += dice() % 2 == 0 ? chunked : dice() % 2 == 0 ? get : post;
    for (auto changes = dice() % 4; changes > 0; --changes) {
        constexpr std::string_view odd = "\r\n:; 0f\t\x7fZ";
        bytes[dice() % bytes.size()] = odd[dice() % odd.size()];
    }
    // A head that is wrong may be refused only at its end.
    return bytes + "\r\n\r\n\r\n\r\n";
}

TEST(RequestReader, WhatComesOfTheBytesDoesNotDependOnHowTheyAreCut) {
    for (unsigned seed = 0; seed < 2'000; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 dice(seed);
        const auto bytes = damaged(dice);
        Reading whole;
        whole.take(bytes);
        Reading cut;
        for (std::size_t at = 0; at < bytes.size();) {
            const auto size = std::min<std::size_t>(bytes.size() - at, 1 + dice() % 20);
            cut.take(std::string_view(bytes).substr(at, size));
            at += size;
        }
        ASSERT_EQ(whole.seen, cut.seen) << testing::PrintToString(bytes);
    }
}

}  // namespace
}  // namespace mlbilling
