#include "sandbox_fixture.hpp"

namespace mlbilling::test {
namespace {

using SandboxFaultsOverHttp = SandboxFixture;

TEST_F(SandboxFaultsOverHttp, FaultsThatRefuseHaveNoEffect) {
    const auto fault = [&](const std::string& rest) {
        control("POST", "faults", "{\"method\":\"sendMessage\"," + rest + "}");
    };
    const std::string message = R"({"chat_id":1001,"text":"a"})";
    fault(R"("kind":"429","retry_after":7)");
    const auto limited = bot("sendMessage", message);
    EXPECT_EQ(limited.status, 429);
    EXPECT_EQ(limited.headers.at("retry-after"), "7");
    EXPECT_EQ(description(limited), "Too Many Requests: retry after 7");
    EXPECT_EQ(json::parse(limited.body).at("parameters").at("retry_after").as_int64(), 7);
    fault(R"("kind":"403")");
    EXPECT_EQ(description(bot("sendMessage", message)), "Forbidden: bot was blocked by the user");
    fault(R"("kind":"400","description":"Bad Request: whatever")");
    EXPECT_EQ(description(bot("sendMessage", message)), "Bad Request: whatever");
    fault(R"("kind":"500")");
    EXPECT_EQ(bot("sendMessage", message).status, 500);
    fault(R"("kind":"502html")");
    const auto page = bot("sendMessage", message);
    EXPECT_EQ(page.status, 502);
    EXPECT_THAT(page.body, HasSubstr("<html>"));
    fault(R"("kind":"drop_before")");
    EXPECT_EQ(bot("sendMessage", message).status, 0);
    EXPECT_TRUE(control("GET", "record?chat_id=1001").as_array().empty());
    EXPECT_TRUE(control("GET", "faults").as_array().empty());
    EXPECT_EQ(bot("sendMessage", message).status, 200);
}

TEST_F(SandboxFaultsOverHttp, FaultsAfterTheEffectLeaveTheMessageInTheChat) {
    const std::string message = R"({"chat_id":1001,"text":"a long enough text to be cut in two"})";
    control("POST", "faults", R"({"method":"*","kind":"drop_after","count":1})");
    EXPECT_EQ(bot("sendMessage", message).status, 0);
    EXPECT_EQ(control("GET", "record?chat_id=1001").as_array().size(), 1U);
    control("POST", "faults", R"({"method":"sendMessage","kind":"truncate"})");
    const auto half = bot("sendMessage", message);
    EXPECT_EQ(half.status, 200);
    EXPECT_FALSE(half.complete);
    EXPECT_EQ(control("GET", "record?chat_id=1001").as_array().size(), 2U);
}

TEST_F(SandboxFaultsOverHttp, ATimeoutHasNoEffectAndAStallHasItsEffectFirst) {
    control("POST", "faults", R"({"method":"sendMessage","kind":"timeout","delay_ms":60000})");
    const auto silent = begin("GET", "/bot42:secret/sendMessage?chat_id=1001&text=a");
    clock.advance(seconds(60));
    EXPECT_EQ(finish(*silent).status, 0);
    EXPECT_TRUE(control("GET", "record?chat_id=1001").as_array().empty());
    control("POST", "faults", R"({"method":"sendMessage","kind":"stall","delay_ms":4000})");
    const auto slow = begin("GET", "/bot42:secret/sendMessage?chat_id=1001&text=a");
    EXPECT_EQ(control("GET", "record?chat_id=1001").as_array().size(), 1U);
    EXPECT_FALSE(slow->done());
    clock.advance(seconds(4));
    EXPECT_EQ(finish(*slow).status, 200);
}

TEST_F(SandboxFaultsOverHttp, ADownloadCanFailToo) {
    ask("POST", "/sandbox/api/chats/1001/files?from=1001&kind=voice", "0123456789");
    control("POST", "faults", R"({"method":"download","kind":"truncate"})");
    EXPECT_EQ(bot("getMe").status, 200);
    const auto half = ask("GET", "/file/bot42:secret/voice/file_0.oga");
    EXPECT_EQ(half.body, "01234");
    EXPECT_FALSE(half.complete);
    EXPECT_TRUE(ask("GET", "/file/bot42:secret/voice/file_0.oga").complete);
    control("POST", "faults", R"({"method":"download","kind":"500","count":3})");
    EXPECT_EQ(ask("GET", "/file/bot42:secret/voice/file_0.oga").status, 500);
    control("DELETE", "faults");
    EXPECT_EQ(ask("GET", "/file/bot42:secret/voice/file_0.oga").status, 200);
}

}  // namespace
}  // namespace mlbilling::test
