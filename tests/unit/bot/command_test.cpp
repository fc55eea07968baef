#include "bot/command.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace mlbilling::bot {
namespace {

TEST(Command, IsReadInAnyCaseWithOrWithoutOurName) {
    for (const auto* text : {"/balance", "/Balance", "/BALANCE@Speech_Bot", "/balance now please",
                             "/balance\nnow", "/balance@speech_bot x"}) {
        const auto parsed = parse_command(text, "speech_bot");
        ASSERT_TRUE(parsed) << text;
        EXPECT_EQ(parsed->command, Command::balance) << text;
        EXPECT_FALSE(parsed->names_another) << text;
    }
}

TEST(Command, OfAnotherBotIsSeenAsSuch) {
    EXPECT_TRUE(parse_command("/balance@other_bot", "speech_bot")->names_another);
    EXPECT_TRUE(parse_command("/start@speech_bot_2", "speech_bot")->names_another);
    EXPECT_FALSE(parse_command("/balance@speech_bot", "speech_bot")->names_another);
    EXPECT_TRUE(parse_command("/balance@speech_bot", "speech_bot")->names_bot);
}

TEST(Command, EveryTextWithASlashAtItsStartIsOne) {
    for (const auto* text :
         {"/", "/foo", "//", "/ balance", "/@", "/@speech_bot", "/балaнс", "/start1"}) {
        const auto parsed = parse_command(text, "speech_bot");
        ASSERT_TRUE(parsed) << text;
        EXPECT_EQ(parsed->command, std::nullopt) << text;
    }
    EXPECT_FALSE(parse_command("balance", "speech_bot"));
    EXPECT_FALSE(parse_command("", "speech_bot"));
}

TEST(Command, TheListNamesEachOnce) {
    std::set<std::string> names;
    for (const auto& listed : all_commands()) {
        EXPECT_TRUE(names.insert(std::string(listed.name)).second);
        EXPECT_EQ(parse_command("/" + std::string(listed.name), "b")->command, listed.command);
    }
    EXPECT_EQ(names.size(), 10U);
}

TEST(BalanceWord, IsTheWordAloneInAnyCaseWithPunctuation) {
    for (const auto* text : {"баланс", "Баланс", "БАЛАНС", "баланс?", "«Баланс»!", "balance",
                             "Balance.", "BALANCE?!", "(balance)…"})
        EXPECT_TRUE(is_balance_word(text)) << text;
    for (const auto* text :
         {"баланс мой", "мой баланс", "балансы", "", "...", "balance 1", "bal ance"})
        EXPECT_FALSE(is_balance_word(text)) << text;
    EXPECT_FALSE(is_balance_word(std::string(100'000, 'b')));
}

}  // namespace
}  // namespace mlbilling::bot
