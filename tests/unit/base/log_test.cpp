#include "base/log.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/json.hpp>
#include <limits>
#include <sstream>
#include <thread>
#include <vector>

#include "base/ids.hpp"
#include "base/redaction.hpp"
#include "base/utf8.hpp"

namespace mlbilling::log {
namespace {

std::string written(Format format, std::string_view message, Fields fields) {
    configure(Level::debug, format);
    testing::internal::CaptureStderr();
    warning(message, fields);
    return testing::internal::GetCapturedStderr();
}

boost::json::object parsed(const std::string& line) {
    EXPECT_EQ(line.find('\n'), line.size() - 1) << line;
    return boost::json::parse(line).as_object();
}

/// The text line without its time and level.
std::string body(const std::string& line) {
    const auto at = line.find("warning ");
    EXPECT_NE(at, std::string::npos) << line;
    return line.substr(at + 8, line.size() - at - 9);
}

TEST(JsonLog, KeepsTheTypesOfItsFields) {
    const auto line = parsed(written(Format::json, "task settled",
                                     {{"task", TaskId("12_3")},
                                      {"cost", -2},
                                      {"largest", std::numeric_limits<std::int64_t>::max()},
                                      {"ok", true},
                                      {"text", "say \"hi\"\\\n\t"}}));
    EXPECT_EQ(line.at("message").as_string(), "task settled");
    EXPECT_EQ(line.at("level").as_string(), "warning");
    EXPECT_EQ(line.at("time").as_string().size(),
              std::string_view("2026-01-02T03:04:05.678Z").size());
    EXPECT_EQ(line.at("task").as_string(), "12_3");
    EXPECT_EQ(line.at("cost").as_int64(), -2);
    EXPECT_EQ(line.at("largest").as_int64(), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(line.at("ok").as_bool(), true);
    EXPECT_EQ(line.at("text").as_string(), "say \"hi\"\\\n\t");
}

TEST(JsonLog, StaysValidWithInvalidBytesAndCutValues) {
    const auto line = parsed(
        written(Format::json, "\xFF", {{"broken", "a\xE2\x82z"}, {"nul", std::string(3, '\0')}}));
    EXPECT_EQ(line.at("message").as_string(), "\uFFFD");
    EXPECT_EQ(line.at("broken").as_string(), "a\uFFFD\uFFFDz");
    EXPECT_EQ(line.at("nul").as_string(), std::string_view("\0\0\0", 3));
    for (std::size_t padding = 1990; padding < 2005; ++padding) {
        std::string value(padding, 'x');
        for (int i = 0; i < 20; ++i) value += "😀";
        const auto cut = parsed(written(Format::json, value, {{"value", value}})).at("value");
        EXPECT_LE(cut.as_string().size(), 2000 + std::string_view("…").size());
        EXPECT_TRUE(std::string_view(cut.as_string()).ends_with("…"));
        EXPECT_EQ(std::string_view(cut.as_string()).find("\uFFFD"), std::string_view::npos);
    }
}

RC_GTEST_PROP(JsonLog, IsOneValidObjectWhateverTheBytes, ()) {
    const auto bytes =
        *rc::gen::container<std::string>(rc::gen::cast<char>(rc::gen::inRange(0, 256)));
    const auto line = written(Format::json, bytes, {{"value", bytes}});
    boost::system::error_code error;
    boost::json::parse(line, error);
    RC_ASSERT(!error);
    RC_ASSERT(line.find('\n') == line.size() - 1);
}

TEST(TextLog, NoValueCanForgeALineOrDriveTheTerminal) {
    EXPECT_EQ(body(written(Format::text, "hello", {{"a", "x\ny"}, {"b", "\x1B[31m"}})),
              R"(hello a="x\u000ay" b="\u001b[31m")");
    EXPECT_EQ(body(written(Format::text, "hello", {{"a", "\u009B\u2028"}})),
              R"(hello a="\u009b\u2028")");
    EXPECT_EQ(body(written(Format::text, "two\nlines", {})), R"(two\u000alines)");
}

TEST(TextLog, QuotesWhatCouldBeReadAsSomethingElse) {
    EXPECT_EQ(
        body(written(Format::text, "m",
                     {{"a", "plain"}, {"b", "two words"}, {"c", ""}, {"d", "x=1"}, {"e", 5}})),
        R"(m a=plain b="two words" c="" d="x=1" e=5)");
    EXPECT_EQ(body(written(Format::text, "m", {{"a", "q\""}})), R"(m a="q\"")");
}

TEST(Redaction, HidesASecretWhereverItStands) {
    redact("123456:secret-token");
    redact("123456:secret-token-longer");
    redact("quo\"ted\\secret");
    redact("77777777");
    for (const auto format : {Format::json, Format::text}) {
        const auto line = written(format, "calling /bot123456:secret-token/getMe",
                                  {{"twice", "123456:secret-token,123456:secret-token"},
                                   {"longer", "123456:secret-token-longer"},
                                   {"quoted", "quo\"ted\\secret"},
                                   {"number", 1777777771}});
        for (const auto* leak : {"secret", "***-", "ted\\", "777"})
            EXPECT_EQ(line.find(leak), std::string::npos) << line;
        if (format == Format::json) {
            EXPECT_EQ(parsed(line).at("message").as_string(), "calling /bot***/getMe");
            EXPECT_EQ(parsed(line).at("longer").as_string(), "***");
            EXPECT_EQ(parsed(line).at("number").as_string(), "1***1");
        }
    }
}

TEST(Redaction, LeavesNoHalfOfASecretWhereAValueIsCut) {
    redact("0123456789abcdef");
    const auto line =
        written(Format::json, "m", {{"value", std::string(1990, 'x') + "0123456789abcdef"}});
    EXPECT_EQ(line.find("0123"), std::string::npos);
}

TEST(Redaction, FindsASecretHoweverItIsEncoded) {
    redact("p@ss/w\"ord");
    redact("enc%2Foded%21");
    EXPECT_EQ(without_secrets("a p@ss/w\"ord b p%40ss%2Fw%22ord c p@ss/w\\\"ord d p@ss\\/w\\\"ord"),
              "a *** b *** c *** d ***");
    EXPECT_EQ(without_secrets("enc%2Foded%21 enc/oded!"), "*** ***");
}

TEST(Redaction, HidesTheBeginningOfASecretThatSomebodyCut) {
    redact("987654:AbCdEfGhIjKlMnOpQrStUvWx");
    EXPECT_EQ(without_secrets("key 987654:AbCdEfGhIj"), "key ***");
    EXPECT_EQ(without_secrets("key 987654:AbCdEfGhIj…"), "key ***…");
    // A bot's id is no secret.
    EXPECT_EQ(without_secrets("bot 987654"), "bot 987654");
}

TEST(Redaction, HidesAShortPasswordOnlyWhereItIsAWord) {
    redact("bots");
    EXPECT_EQ(without_secrets("robots, bots and bots_1 (bots)"), "robots, *** and bots_1 (***)");
}

TEST(Redaction, KeepsTheNewestOfWhatIsRenewed) {
    for (int i = 0; i < 100; ++i) redact_passing("t1.token-" + std::to_string(1000 + i));
    EXPECT_EQ(without_secrets("t1.token-1099 t1.token-1090"), "*** ***");
    EXPECT_EQ(without_secrets("t1.token-1000 is old"), "t1.token-1000 is old");
}

TEST(Redaction, IgnoresWhatIsTooShortToBeASecret) {
    redact("");
    redact("abc");
    EXPECT_EQ(body(written(Format::text, "abcd", {})), "abcd");
}

TEST(Log, WritesNothingBelowItsLevel) {
    configure(Level::error, Format::text);
    testing::internal::CaptureStderr();
    debug("a");
    info("b");
    warning("c");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Log, LinesOfManyThreadsStayWhole) {
    configure(Level::debug, Format::json);
    testing::internal::CaptureStderr();
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread)
            threads.emplace_back([thread] {
                for (int i = 0; i < 50; ++i) {
                    if (i == 25) redact("secret-of-" + std::to_string(thread));
                    info("from a thread", {{"thread", thread}, {"padding", std::string(500, 'x')}});
                }
            });
    }
    std::istringstream lines(testing::internal::GetCapturedStderr());
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) parsed(line + '\n');
    EXPECT_EQ(count, 200);
}

}  // namespace
}  // namespace mlbilling::log
