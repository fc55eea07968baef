#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <tuple>

#include "base/unavailable.hpp"
#include "integration/http_client/fixture.hpp"
#include "integration/http_client/multipart.hpp"

// What is sent while it is read, and what is read while it comes.
namespace mlbilling::test {
namespace {

/// Bytes that come piece by piece, each after a moment.
class SlowBytes final : public ByteSource {
  public:
    explicit SlowBytes(std::string bytes) : bytes_(std::move(bytes)) {}
    /// The rest never does.
    int pieces_that_come = 1'000'000;
    /// Called before each piece with its number, from 1.
    std::function<void(int)> before = [](int) {};

    std::size_t size() const override { return bytes_.size(); }
    Async<std::string> read() override {
        const bool comes = ++pieces_ <= pieces_that_come;
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
        timer.expires_after(comes ? std::chrono::milliseconds(2) : std::chrono::hours(1));
        co_await timer.async_wait(boost::asio::use_awaitable);
        before(pieces_);
        auto piece = bytes_.substr(read_, largest_piece);
        read_ += piece.size();
        co_return piece;
    }

  private:
    std::string bytes_;
    std::size_t read_ = 0;
    int pieces_ = 0;
};

class HttpPieces : public HttpClientTest {
  protected:
    static std::string numbers(std::size_t size) {
        std::string bytes;
        while (bytes.size() < size) bytes += std::to_string(bytes.size()) + " ";
        bytes.resize(size);
        return bytes;
    }
    HttpCall put(const std::string& path) const {
        auto call = get(path);
        call.method = HttpMethod::put;
        return call;
    }
    HttpCall form(const std::string& path) const {
        auto call = get(path);
        call.method = HttpMethod::post;
        call.parts = {{"chat_id", "5", "", ""}, {"voice", "", "voice.ogg", "audio/ogg"}};
        return call;
    }
    HttpResult send(HttpCall call, std::unique_ptr<ByteSource> content) {
        return run(loop, client->perform(std::move(call), std::move(content)));
    }
    HttpDownload open(HttpCall call) {
        auto download = run(loop, client->open(std::move(call)));
        if (!download.ok()) throw std::runtime_error(download.error().detail);
        return std::move(*download);
    }
    Result<std::string, HttpFailure> read(HttpDownload& download) {
        return run(loop, download.read());
    }
    void let_pass(std::chrono::milliseconds span) {
        loop.restart();
        loop.run_for(span);
    }
};

TEST_F(HttpPieces, TheLastPartOfAFormIsReadWhileItIsSent) {
    for (const std::size_t size : {0U, 1U, 65'536U, 65'537U, 1'000'000U}) {
        const auto bytes = numbers(size);
        ASSERT_TRUE(send(form("/upload"), std::make_unique<SlowBytes>(bytes)).ok()) << size;
        const auto& seen = server.requests().back();
        EXPECT_FALSE(seen.headers.contains("transfer-encoding"));
        const auto parts = parse_multipart(seen.headers.at("content-type"), seen.body);
        ASSERT_EQ(parts.size(), 2U);
        EXPECT_EQ(parts[0].bytes, "5");
        EXPECT_EQ(parts[1].name, "voice");
        EXPECT_EQ(parts[1].file_name, "voice.ogg");
        EXPECT_EQ(parts[1].mime_type, "audio/ogg");
        EXPECT_TRUE(parts[1].bytes == bytes) << size;
    }
}

TEST_F(HttpPieces, TheBodyOfAPutIsReadWhileItIsSent) {
    for (const std::size_t size : {0U, 1U, 65'536U, 65'537U, 1'000'000U}) {
        const auto bytes = numbers(size);
        ASSERT_TRUE(send(put("/x"), std::make_unique<SlowBytes>(bytes)).ok()) << size;
        EXPECT_EQ(server.requests().back().method, "PUT");
        EXPECT_TRUE(server.requests().back().body == bytes) << size;
    }
}

TEST_F(HttpPieces, ContentThatFailsCutsTheRequestOff) {
    for (const int failing : {1, 2, 4}) {
        auto content = std::make_unique<SlowBytes>(numbers(300'000));
        content->before = [failing](int piece) {
            if (piece == failing) throw Unavailable("the disk is gone");
        };
        EXPECT_THROW(std::ignore = send(form("/upload"), std::move(content)), Unavailable);
        let_pass(std::chrono::milliseconds(20));
        EXPECT_TRUE(server.requests().empty());
        EXPECT_EQ(server.open_connections(), 0);
    }
}

TEST_F(HttpPieces, AConnectionThatIsLostBeforeAllWasReadIsNotSent) {
    auto content = std::make_unique<SlowBytes>(numbers(10'000'000));
    content->before = [this](int piece) {
        if (piece == 3) server.stop();
    };
    const auto result = send(form("/upload"), std::move(content));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().kind, HttpFailure::Kind::not_sent);
}

TEST_F(HttpPieces, AConnectionThatIsLostAfterAllWasReadIsAmbiguous) {
    answer_always(reply_by(Kind::reset));
    const auto result = send(form("/upload"), std::make_unique<SlowBytes>(numbers(100'000)));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().kind, HttpFailure::Kind::ambiguous);
}

TEST_F(HttpPieces, TheDeadlineHoldsForContentThatDoesNotComeToo) {
    auto content = std::make_unique<SlowBytes>(numbers(200'000));
    content->pieces_that_come = 1;
    auto call = form("/upload");
    call.deadline = Duration(50);
    const auto result = send(std::move(call), std::move(content));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().kind, HttpFailure::Kind::not_sent);
    EXPECT_TRUE(server.requests().empty());
}

TEST_F(HttpPieces, AnAnswerIsReadInFullPiecesUntilItsEnd) {
    const auto body = numbers(3'000'000);
    auto reply = reply_with(206, body);
    reply.headers = {{"X-Trace", "a1"}};
    answer_always(reply);
    auto call = get("/x");
    call.largest_response = 3'000'000;
    auto download = open(call);
    EXPECT_EQ(download.status(), 206);
    EXPECT_EQ(download.header("x-trace"), "a1");
    EXPECT_EQ(download.header("content-length"), "3000000");
    std::string read_so_far;
    for (;;) {
        const auto piece = read(download);
        ASSERT_TRUE(piece.ok());
        if (piece->empty()) break;
        read_so_far += *piece;
        EXPECT_TRUE(piece->size() == ByteSource::largest_piece ||
                    read_so_far.size() == body.size());
    }
    EXPECT_TRUE(read_so_far == body);
    EXPECT_EQ(*read(download), "");
}

TEST_F(HttpPieces, TheServerWaitsWhileNobodyReads) {
    answer_always(reply_by(Kind::endless));
    auto call = get("/x");
    // Far less than the server would send meanwhile, far more than the piece.
    call.largest_response = std::size_t{1} << 20;
    auto download = open(call);
    let_pass(std::chrono::milliseconds(200));
    EXPECT_TRUE(read(download).ok());
    EXPECT_TRUE(read(download).ok());
}

TEST_F(HttpPieces, AnAnswerThatIsTooLargeIsNeverReadWhole) {
    answer_always(reply_by(Kind::endless));
    auto call = get("/x");
    call.largest_response = 200'000;
    auto download = open(call);
    int pieces = 0;
    auto piece = read(download);
    for (; piece.ok(); piece = read(download)) ++pieces;
    EXPECT_EQ(piece.error().kind, HttpFailure::Kind::too_large);
    EXPECT_EQ(pieces, 3);
}

TEST_F(HttpPieces, AnAnswerThatBreaksOffIsNotTakenForItsEnd) {
    auto reply = reply_by(Kind::cut);
    reply.body = numbers(300'000);
    answer_always(reply);
    auto download = open(get("/x"));
    auto piece = read(download);
    while (piece.ok() && !piece->empty()) piece = read(download);
    EXPECT_FALSE(piece.ok());
}

TEST_F(HttpPieces, AConnectionIsUsedAgainOnlyAfterAWholeAnswer) {
    answer_always(reply_with(200, numbers(1'000'000)));
    {
        auto whole = open(get("/x"));
        while (!read(whole)->empty()) {
        }
    }
    {
        const auto left = open(get("/x"));
    }
    ASSERT_TRUE(perform(get("/x")).ok());
    ASSERT_EQ(server.requests().size(), 3U);
    EXPECT_EQ(server.requests()[1].connection, 1);
    EXPECT_EQ(server.requests()[2].connection, 2);
}

TEST_F(HttpPieces, ThereIsNothingToOpenWhereNobodyAnswers) {
    HttpCall call;
    call.url = "http://127.0.0.1:" + std::to_string(unused_port(loop)) + "/x";
    const auto download = run(loop, client->open(call));
    ASSERT_FALSE(download.ok());
    EXPECT_EQ(download.error().kind, HttpFailure::Kind::not_sent);
}

}  // namespace
}  // namespace mlbilling::test
