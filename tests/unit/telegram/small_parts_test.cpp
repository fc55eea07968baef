#include <gtest/gtest.h>

#include "adapters/telegram/bot_token.hpp"
#include "adapters/telegram/file_path.hpp"
#include "adapters/telegram/hold_off.hpp"

namespace mlbilling::telegram {
namespace {

TEST(TelegramFilePath, PathsAsTelegramMakesThemAreSafe) {
    for (const auto* path : {"voice/file_1.oga", "documents/file_12.tar.gz", "video_notes/file_3",
                             "a/b/c.mp4", "documents/-_-.x"})
        EXPECT_TRUE(is_safe_file_path(path)) << path;
}

TEST(TelegramFilePath, NothingElseIs) {
    for (const auto* path : {"",
                             "file.oga",
                             "/etc/passwd",
                             "voice/",
                             "voice//a",
                             "../bot1:x/getMe",
                             "voice/../../bot1/x",
                             "voice/..",
                             "voice/a..b",
                             "voice/.",
                             "voice/./a",
                             "http://evil/x",
                             "//evil/x",
                             "voice/a?b",
                             "voice/a#b",
                             "voice/a b",
                             "voice/a%2e",
                             "voice\\a",
                             "vo.ice/a",
                             "voice/a\r\nX: y",
                             "voice/\xc3\xa4"})
        EXPECT_FALSE(is_safe_file_path(path)) << path;
    EXPECT_FALSE(is_safe_file_path(std::string_view("voice/a\0b", 9)));
    EXPECT_FALSE(is_safe_file_path("voice/" + std::string(600, 'a')));
}

TEST(TelegramToken, TheBotsIdIsTheNumberBeforeTheColon) {
    EXPECT_EQ(bot_id_of("123456:AAE-x_9"), BotId(123456));
    for (const auto* bad :
         {"", ":", "123456", "123456:", ":AAE", "x1:AAE", "1x:AAE", "-1:AAE", "0:AAE", "1:A/../B",
          "1:A B", "1:A\n", "99999999999999999999:A", "1:A:B"})
        EXPECT_FALSE(bot_id_of(bad)) << bad;
}

TEST(TelegramToken, NeitherTheTokenNorItsSecretStaysInAText) {
    const std::string token = "123456:AAE-secret";
    EXPECT_EQ(without_token("bot" + token + "/getMe", token), "bot***/getMe");
    EXPECT_EQ(without_token("123456%3AAAE-secret AAE-secret", token), "123456%3A*** ***");
    EXPECT_EQ(without_token("nothing of it", token), "nothing of it");
    EXPECT_EQ(without_token("text", ""), "text");
}

TEST(TelegramHoldOff, HoldsAKeyUntilTheLatestMomentSaid) {
    const Time now(Duration(1'000'000));
    HoldOff hold_off;
    EXPECT_EQ(hold_off.remaining("5", now), Duration(0));
    hold_off.hold("5", now + Duration(3'000), now);
    hold_off.hold("5", now + Duration(1'000), now);
    EXPECT_EQ(hold_off.remaining("5", now + Duration(500)), Duration(2'500));
    EXPECT_EQ(hold_off.remaining("6", now), Duration(0));
    EXPECT_EQ(hold_off.remaining("5", now + Duration(3'000)), Duration(0));
    hold_off.hold("6", now + Duration(9'000), now + Duration(4'000));
    EXPECT_EQ(hold_off.remaining("5", now), Duration(0)) << "what has passed is forgotten";
}

}  // namespace
}  // namespace mlbilling::telegram
