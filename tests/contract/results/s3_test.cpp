#include <gmock/gmock.h>

#include "adapters/s3/result_store.hpp"
#include "adapters/system_clock/system_clock.hpp"
#include "base/unavailable.hpp"
#include "ports/all.hpp"
#include "read_blob.hpp"
#include "results_contract.hpp"
#include "s3_server_process.hpp"
#include "support/run.hpp"
#include "support/seeded_random.hpp"

namespace mlbilling::test {
namespace {

using s3::S3Options;
using s3::S3ResultStore;
using testing::HasSubstr;
using testing::Not;

/// One for all tests: starting it takes as long as all of them.
S3ServerProcess& server() {
    static S3ServerProcess process;
    return process;
}

S3Options options_of(const std::string& prefix) {
    S3Options options;
    options.bucket = S3ServerProcess::bucket;
    options.endpoint = server().endpoint();
    options.prefix = prefix;
    options.access_key_id = S3ServerProcess::access_key_id;
    options.secret_access_key = S3ServerProcess::secret_access_key;
    return options;
}

/// A prefix that no other test has used.
std::string new_prefix() {
    static int count = 0;
    return "test-" + std::to_string(++count);
}

class S3Harness final : public ResultStoreHarness {
  public:
    boost::asio::io_context& loop() override { return loop_; }
    ResultStore& store() override { return store_; }
    Time between() override {
        server().set_age(std::chrono::hours(3));
        return clock_.now() - std::chrono::hours(2);
    }

  private:
    boost::asio::io_context loop_;
    SystemClock clock_{loop_.get_executor()};
    SeededRandom random_{1};
    S3ResultStore store_{loop_.get_executor(), clock_, random_, options_of(new_prefix())};
};

INSTANTIATE_TEST_SUITE_P(S3, ResultStoreContract,
                         testing::Values(ResultStoreMaker{
                             "S3", [] { return std::make_unique<S3Harness>(); }}),
                         [](const auto& info) { return info.param.name; });

class S3ResultStoreTest : public testing::Test {
  protected:
    S3ResultStore store(S3Options options) {
        return {loop.get_executor(), clock, random, std::move(options)};
    }
    template <class T>
    std::string failure_of(Async<T> work) {
        try {
            run(loop, std::move(work));
        } catch (const Unavailable& error) {
            return error.what();
        }
        return "none";
    }

    boost::asio::io_context loop;
    SystemClock clock{loop.get_executor()};
    SeededRandom random{1};
};

TEST_F(S3ResultStoreTest, AWrongSecretIsOneClearErrorThatDoesNotTellIt) {
    auto options = options_of(new_prefix());
    options.secret_access_key = "not-the-secret";
    auto wrong = store(options);
    for (const auto& text :
         {failure_of(wrong.put(ResultKey("a"), "x")), failure_of(read_blob(&wrong, ResultKey("a"))),
          failure_of(wrong.remove(ResultKey("a"))),
          failure_of(wrong.remove_older_than(clock.now()))}) {
        EXPECT_THAT(text, HasSubstr("403 SignatureDoesNotMatch"));
        EXPECT_THAT(text, HasSubstr("AWS_SECRET_ACCESS_KEY"));
        EXPECT_THAT(text, Not(HasSubstr("not-the-secret")));
    }
}

TEST_F(S3ResultStoreTest, AnUnknownKeyIdIsRefused) {
    auto options = options_of(new_prefix());
    options.access_key_id = "NOBODY";
    auto wrong = store(options);
    EXPECT_THAT(failure_of(wrong.put(ResultKey("a"), "x")), HasSubstr("403 InvalidAccessKeyId"));
}

TEST_F(S3ResultStoreTest, ABucketThatDoesNotExistIsAClearErrorAndNoMissingResult) {
    auto options = options_of(new_prefix());
    options.bucket = "elsewhere";
    auto wrong = store(options);
    EXPECT_THAT(failure_of(read_blob(&wrong, ResultKey("a"))), HasSubstr("404 NoSuchBucket"));
    EXPECT_THAT(failure_of(wrong.put(ResultKey("a"), "x")), HasSubstr("RESULT_STORE_URL"));
}

TEST_F(S3ResultStoreTest, OddCharactersInThePrefixAreSignedAndListedRight) {
    // This server writes the entities in its lists wrongly, and takes signatures of a query with
    // any of !'()* that AWS would not: those are left to the tests without it.
    for (const std::string prefix : {"a b", "a+b", "100%", "ü/ж", "q?x=1#z", "a%2Fb", "~@:;,$="}) {
        auto odd = store(options_of(new_prefix() + "/" + prefix));
        run(loop, odd.put(ResultKey("1_2/1/0.ogg"), "voice"));
        EXPECT_EQ(run(loop, read_blob(&odd, ResultKey("1_2/1/0.ogg"))), "voice") << prefix;
        EXPECT_EQ(run(loop, odd.remove_older_than(Time::max())), 1) << prefix;
        EXPECT_EQ(run(loop, read_blob(&odd, ResultKey("1_2/1/0.ogg"))), std::nullopt) << prefix;
    }
}

TEST_F(S3ResultStoreTest, OddCharactersInKeysAreSignedRight) {
    auto odd = store(options_of(new_prefix() + "/!'()*&<>[]{}|^`\"\\"));
    run(loop, odd.put(ResultKey("1_2/1/0.ogg"), "voice"));
    EXPECT_EQ(run(loop, read_blob(&odd, ResultKey("1_2/1/0.ogg"))), "voice");
    run(loop, odd.remove(ResultKey("1_2/1/0.ogg")));
    EXPECT_EQ(run(loop, read_blob(&odd, ResultKey("1_2/1/0.ogg"))), std::nullopt);
}

TEST_F(S3ResultStoreTest, WithoutAPrefixKeysStandInTheBucketItself) {
    auto bare = store(options_of(""));
    run(loop, bare.put(ResultKey("bare/0.ogg"), "voice"));
    EXPECT_EQ(run(loop, read_blob(&bare, ResultKey("bare/0.ogg"))), "voice");
    run(loop, bare.remove(ResultKey("bare/0.ogg")));
}

TEST_F(S3ResultStoreTest, PrefixesDoNotSeeEachOther) {
    const auto prefix = new_prefix();
    auto one = store(options_of(prefix));
    auto longer = store(options_of(prefix + "0"));
    run(loop, longer.put(ResultKey("a"), "x"));
    EXPECT_EQ(run(loop, read_blob(&one, ResultKey("a"))), std::nullopt);
    EXPECT_EQ(run(loop, one.remove_older_than(Time::max())), 0);
    EXPECT_EQ(run(loop, read_blob(&longer, ResultKey("a"))), "x");
}

TEST_F(S3ResultStoreTest, WhatIsNoResultIsLeftAlone) {
    const auto prefix = new_prefix();
    auto outer = store(options_of(prefix));
    auto foreign = store(options_of(prefix + "/not a key"));
    run(loop, foreign.put(ResultKey("a"), "x"));
    EXPECT_EQ(run(loop, outer.remove_older_than(Time::max())), 0);
    EXPECT_EQ(run(loop, read_blob(&foreign, ResultKey("a"))), "x");
}

TEST_F(S3ResultStoreTest, AListOfMoreThanAThousandGoesOn) {
    auto many = store(options_of(new_prefix()));
    constexpr int count = 1'050;
    for (int next = 0; next < count;) {
        std::vector<Async<void>> puts;
        for (int i = 0; i < 50; ++i, ++next)
            puts.push_back(many.put(ResultKey("1_2/1/" + std::to_string(next) + ".ogg"), "x"));
        run(loop, all(std::move(puts)));
    }
    EXPECT_EQ(run(loop, many.remove_older_than(Time::max())), count);
    EXPECT_EQ(run(loop, many.remove_older_than(Time::max())), 0);
}

TEST_F(S3ResultStoreTest, ASessionTokenIsSentAndSigned) {
    auto options = options_of(new_prefix());
    options.session_token = "FwoGZXIvYXdzE+/=token";
    auto temporary = store(options);
    run(loop, temporary.put(ResultKey("a"), "x"));
    EXPECT_EQ(run(loop, read_blob(&temporary, ResultKey("a"))), "x");
}

TEST_F(S3ResultStoreTest, NothingIsPutUnderWhatIsNoKey) {
    auto any = store(options_of(new_prefix()));
    EXPECT_DEATH(run(loop, any.put(ResultKey("../outside"), "x")), "is_result_key");
}

}  // namespace
}  // namespace mlbilling::test
