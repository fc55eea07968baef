#include <gmock/gmock.h>

#include "adapters/s3/result_store.hpp"
#include "base/unavailable.hpp"
#include "integration/http_client/scripted_server.hpp"
#include "read_blob.hpp"
#include "support/run.hpp"
#include "support/seeded_random.hpp"
#include "support/virtual_clock.hpp"

namespace mlbilling::test {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

std::string error_document(const std::string& code) {
    return R"(<?xml version="1.0" encoding="UTF-8"?><Error><Code>)" + code +
           "</Code><Message>secret-key and more</Message></Error>";
}

/// The store against a server that misbehaves as told. Waits run on virtual time.
class S3TroubleTest : public testing::Test {
  protected:
    std::deque<ScriptedReply> replies;
    boost::asio::io_context loop{1};
    VirtualClock clock{loop};
    SeededRandom random{1};
    ScriptedServer server{loop, [this](const ScriptedRequest&) {
                              auto reply = replies.front();
                              if (replies.size() > 1) replies.pop_front();
                              return reply;
                          }};
    s3::S3ResultStore store{loop.get_executor(), clock, random, options()};

    s3::S3Options options() const {
        s3::S3Options options;
        options.bucket = "bucket";
        options.endpoint = server.url();
        options.prefix = "prefix";
        options.access_key_id = "key-id";
        options.secret_access_key = "secret-key";
        options.session_token = "session-token";
        return options;
    }
    /// Runs the work, and lets virtual time pass whenever it waits for that.
    template <class T>
    std::string outcome_of(Async<T> work) {
        std::string outcome;
        boost::asio::co_spawn(loop, std::move(work), [&](std::exception_ptr error, auto... value) {
            outcome = "done";
            ((outcome = describe(value)), ...);
            try {
                if (error) std::rethrow_exception(error);
            } catch (const Unavailable& unavailable) {
                outcome = unavailable.what();
            }
        });
        while (outcome.empty()) {
            loop.restart();
            if (loop.run_for(std::chrono::milliseconds(20)) == 0 && outcome.empty())
                clock.step(clock.now() + Duration(10'000));
        }
        return outcome;
    }
    static std::string describe(const std::optional<std::string>& blob) {
        return blob ? "blob " + *blob : "no blob";
    }
    static std::string describe(const std::optional<std::size_t>& size) {
        return size ? std::to_string(*size) : "no blob";
    }
    static std::string describe(int number) { return std::to_string(number); }
};

TEST_F(S3TroubleTest, WhatFailsForAMomentIsTriedAgain) {
    for (const auto& trouble :
         {reply_with(500, ""), reply_with(503, error_document("SlowDown")), reply_with(429, ""),
          reply_with(400, error_document("RequestTimeout")), reply_by(ScriptedReply::Kind::close),
          reply_by(ScriptedReply::Kind::reset), reply_by(ScriptedReply::Kind::cut)}) {
        replies = {trouble, trouble, reply_with(200, "voice")};
        EXPECT_EQ(outcome_of(read_blob(&store, ResultKey("a"))), "blob voice");
        replies = {trouble, reply_with(200, "")};
        EXPECT_EQ(outcome_of(store.put(ResultKey("a"), "x")), "done");
    }
}

TEST_F(S3TroubleTest, WhatKeepsFailingIsUnavailableAfterAFewTries) {
    const auto before = server.requests().size();
    replies = {reply_with(503, error_document("SlowDown"))};
    EXPECT_THAT(outcome_of(store.put(ResultKey("a"), "x")), HasSubstr("503 SlowDown"));
    EXPECT_EQ(server.requests().size() - before, 4U);
}

TEST_F(S3TroubleTest, ARefusalIsNotRepeatedAndTellsNoSecret) {
    for (const int status : {301, 400, 401, 403, 405, 411}) {
        const auto before = server.requests().size();
        replies = {reply_with(status, error_document("SomeCode"))};
        const auto outcome = outcome_of(store.put(ResultKey("a"), "x"));
        EXPECT_THAT(outcome, HasSubstr(std::to_string(status) + " SomeCode for bucket bucket"));
        EXPECT_THAT(outcome, Not(HasSubstr("secret-key")));
        EXPECT_THAT(outcome, Not(HasSubstr("session-token")));
        EXPECT_EQ(server.requests().size() - before, 1U);
    }
}

TEST_F(S3TroubleTest, ABlobThatIsNotThereIsNothingAndNeedsNoDocumentToSaySo) {
    replies = {reply_with(404, "")};
    EXPECT_EQ(outcome_of(read_blob(&store, ResultKey("a"))), "no blob");
    EXPECT_EQ(outcome_of(store.remove(ResultKey("a"))), "done");
}

TEST_F(S3TroubleTest, APutThatFindsNoBucketIsNoSuccess) {
    replies = {reply_with(404, "")};
    EXPECT_THAT(outcome_of(store.put(ResultKey("a"), "x")), HasSubstr("404"));
}

TEST_F(S3TroubleTest, AnAnswerWithoutEndIsCutOff) {
    replies = {reply_by(ScriptedReply::Kind::endless)};
    EXPECT_THAT(outcome_of(read_blob(&store, ResultKey("a"))), HasSubstr("not say how long"));
}

TEST_F(S3TroubleTest, AnObjectThatBreaksOffWhileItIsReadIsUnavailable) {
    auto reply = reply_by(ScriptedReply::Kind::cut);
    reply.body = std::string(200'000, 'x');
    replies = {reply};
    const auto before = server.requests().size();
    EXPECT_THAT(outcome_of(read_blob(&store, ResultKey("a"))), HasSubstr("breaks off"));
    EXPECT_EQ(server.requests().size() - before, 1U);
}

TEST_F(S3TroubleTest, AnObjectThatIsLongerThanItsServerSaysIsUnavailable) {
    auto reply = reply_by(ScriptedReply::Kind::endless);
    reply.headers = {{"Content-Length", "5"}};
    replies = {reply};
    EXPECT_THAT(outcome_of(read_blob(&store, ResultKey("a"))), HasSubstr("not as long"));
}

TEST_F(S3TroubleTest, ABodyOfSeveralPiecesIsSentWholeAtEachTry) {
    replies = {reply_with(503, ""), reply_with(200, "")};
    const auto before = server.requests().size();
    const std::string bytes(200'000, 'x');
    EXPECT_EQ(outcome_of(store.put(ResultKey("a"), bytes)), "done");
    ASSERT_EQ(server.requests().size() - before, 2U);
    EXPECT_EQ(server.requests()[before].body, bytes);
    EXPECT_EQ(server.requests()[before + 1].body, bytes);
}

TEST_F(S3TroubleTest, ASizeIsAskedForWithoutTheBytes) {
    replies = {reply_with(200, "voice")};
    EXPECT_EQ(outcome_of(store.size_of(ResultKey("a"))), "5");
    EXPECT_EQ(server.requests().back().method, "HEAD");
    replies = {reply_with(404, "")};
    EXPECT_EQ(outcome_of(store.size_of(ResultKey("a"))), "no blob");
    replies = {reply_with(503, "")};
    EXPECT_THAT(outcome_of(store.size_of(ResultKey("a"))), HasSubstr("503"));
}

TEST_F(S3TroubleTest, NothingLargerThanAResultGoesInOrComesOut) {
    replies = {reply_with(200, std::string(largest_result, 'x'))};
    EXPECT_EQ(run(loop, read_blob(&store, ResultKey("a"))).value_or("").size(), largest_result);
    replies = {reply_with(200, std::string(largest_result + 1, 'x'))};
    EXPECT_THAT(outcome_of(read_blob(&store, ResultKey("a"))), HasSubstr("larger than allowed"));
    EXPECT_DEATH(outcome_of(store.put(ResultKey("a"), std::string(largest_result + 1, 'x'))),
                 "largest_result");
}

TEST_F(S3TroubleTest, AListThatCannotBeReadRemovesNothing) {
    for (const auto* document :
         {"", "not XML", "<html/>", "<ListBucketResult><Contents><Key>prefix/a</Key>",
          "<!DOCTYPE x [<!ENTITY a 'b'>]><ListBucketResult/>",
          "<ListBucketResult><Contents><Key>prefix/a</Key><LastModified>soon</LastModified>"
          "</Contents></ListBucketResult>",
          "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"}) {
        replies = {reply_with(200, document)};
        const auto before = server.requests().size();
        EXPECT_THAT(outcome_of(store.remove_older_than(Time::max())), HasSubstr("cannot be read"));
        EXPECT_EQ(server.requests().size() - before, 1U) << document;
    }
}

TEST_F(S3TroubleTest, AListThatGoesRoundInCirclesIsLeft) {
    replies = {reply_with(200,
                          "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>"
                          "again</NextContinuationToken></ListBucketResult>")};
    EXPECT_THAT(outcome_of(store.remove_older_than(Time::max())), HasSubstr("circles"));
}

TEST_F(S3TroubleTest, EveryRequestIsSignedWithItsBodyAndItsToken) {
    replies = {reply_with(200, "")};
    outcome_of(store.put(ResultKey("a"), "x"));
    const auto& request = server.requests().back();
    EXPECT_EQ(request.method, "PUT");
    EXPECT_EQ(request.target, "/bucket/prefix/a");
    const auto& authorization = request.headers.at("authorization");
    EXPECT_THAT(authorization, HasSubstr("AWS4-HMAC-SHA256 Credential=key-id/"));
    EXPECT_THAT(authorization, HasSubstr("/us-east-1/s3/aws4_request"));
    EXPECT_THAT(authorization, HasSubstr("x-amz-content-sha256"));
    EXPECT_THAT(authorization, HasSubstr("x-amz-security-token"));
    EXPECT_EQ(request.headers.at("x-amz-security-token"), "session-token");
}

}  // namespace
}  // namespace mlbilling::test
