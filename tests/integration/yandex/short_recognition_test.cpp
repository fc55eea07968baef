// v1: short Ogg/Opus, in one call.
#include "integration/yandex/fixture.hpp"

namespace mlbilling::test {
namespace {

using testing::HasSubstr;

using ShortRecognition = YandexTest;

constexpr std::int64_t block = 162'700;

TEST_F(ShortRecognition, SendsTheUsersOwnFile) {
    script = [](const ScriptedRequest&) { return reply_with(200, R"({"result":"привет мир"})"); };
    const auto heard = hear(recording(Duration(16'000)));
    EXPECT_EQ(text_of(heard), "привет мир");
    EXPECT_EQ(request(0).target,
              "/speech/v1/stt:recognize?lang=ru-RU&topic=general&format=oggopus");
    EXPECT_EQ(request(0).body, "OggS user's file");
    EXPECT_EQ(cost_of(heard), MicroRoubles(2 * block));
    EXPECT_EQ(std::get<Transcript>(heard).bill.provider, "yandex");
    EXPECT_EQ(quotas.reserved.at("yandex.short_recognition"), 1);
}

TEST_F(ShortRecognition, SendsWhatWeEncodeWhereTheFileIsOfAnotherKind) {
    script = [](const ScriptedRequest&) { return reply_with(200, R"({"result":"да"})"); };
    auto asked = recording(Duration(29'500), "");
    asked.language = "kk";
    EXPECT_EQ(text_of(hear(std::move(asked))), "да");
    EXPECT_EQ(request(0).body, "encoded:29500");
    EXPECT_THAT(request(0).target, HasSubstr("lang=kk-KZ"));
}

TEST_F(ShortRecognition, EncodesAgainWhatIsTooLarge) {
    script = [](const ScriptedRequest&) { return reply_with(200, R"({"result":"да"})"); };
    hear(recording(Duration(5'000), std::string(1'000'001, 'x')));
    EXPECT_EQ(request(0).body, "encoded:5000");
}

TEST_F(ShortRecognition, OfSilenceIsAnEmptyTextThatCosts) {
    script = [](const ScriptedRequest&) { return reply_with(200, R"({"result":""})"); };
    const auto heard = hear(recording(Duration(1'000)));
    EXPECT_EQ(text_of(heard), "");
    EXPECT_EQ(cost_of(heard), MicroRoubles(block));
}

TEST_F(ShortRecognition, WithoutAResultIsAFailure) {
    for (const std::string body : {"", "{}", "[]", "<html>", R"({"results":"x"})"}) {
        script = [body](const ScriptedRequest&) { return reply_with(200, body); };
        EXPECT_TRUE(fails(hear(recording(Duration(1'000))), Kind::down)) << body;
    }
}

TEST_F(ShortRecognition, NamesTheFolderWhereOneIsConfigured) {
    options.credentials = yandex::IamToken{"t1.token"};
    options.credentials = yandex::IamToken{"t1.token"};
    options.folder = "b1gfolder";
    script = [](const ScriptedRequest&) { return reply_with(200, R"({"result":"да"})"); };
    hear(recording(Duration(1'000)));
    EXPECT_THAT(request(0).target, HasSubstr("&folderId=b1gfolder"));
    EXPECT_EQ(request(0).headers.at("x-folder-id"), "b1gfolder");
    EXPECT_EQ(request(0).headers.at("authorization"), "Bearer t1.token");
}

TEST_F(ShortRecognition, OfAnotherLanguageIsUnsupportedAndOfNothingIsFree) {
    auto asked = recording(Duration(1'000));
    asked.language = "tlh";
    EXPECT_TRUE(fails(hear(std::move(asked)), Kind::unsupported));
    EXPECT_EQ(text_of(hear(recording(Duration(0)))), "");
    EXPECT_TRUE(server.requests().empty());
}

}  // namespace
}  // namespace mlbilling::test
