#include "bot/button.hpp"

#include <gtest/gtest.h>

#include <random>

namespace mlbilling::bot {
namespace {

TEST(Button, EveryActionIsReadBackAsItWasWritten) {
    const ButtonAction actions[] = {ChooseLanguage{Language::russian},
                                    ChooseVoice{"alena-2_x"},
                                    ShowVoices{"kk"},
                                    HearSample{"slt"},
                                    ChooseSpeed{125},
                                    ChooseFormat{ReplyFormat::file},
                                    ChooseSpokenLanguage{"en"},
                                    CancelTask{TaskId("-1001234567890123_123456789")},
                                    AcceptProposal{ProposalId(9'223'372'036'854'775'807)},
                                    DeclineProposal{ProposalId(1)},
                                    ShowMenu{Menu::voice},
                                    ShowHistory{17},
                                    CancelTask{TaskId("-1001234567890_12.3")},
                                    ResendResult{TaskId("7_12")}};
    for (const auto& action : actions) {
        const auto data = button_data(action);
        EXPECT_LE(data.size(), 64U);
        EXPECT_EQ(parse_button(data), action) << data;
    }
}

TEST(Button, MalformedDataIsNothing) {
    const std::string long_voice(41, 'a');
    const std::string wrong[] = {"",
                                 ":",
                                 "lang",
                                 "lang:",
                                 "lang:de",
                                 "lang:ru ",
                                 "LANG:ru",
                                 "voice:",
                                 "voice:An na",
                                 "voice:../x",
                                 "voice:" + long_voice,
                                 "voices:eng",
                                 "voices:E1",
                                 "sample:a b",
                                 "speed:49",
                                 "speed:201",
                                 "speed:1e2",
                                 "speed:+100",
                                 "speed:0100",
                                 "speed:-100",
                                 "speed:99999999999999999999",
                                 "format:pdf",
                                 "spoken:",
                                 "spoken:e",
                                 "cancel:",
                                 "cancel:1",
                                 "cancel:1_",
                                 "cancel:_1",
                                 "cancel:1_2_3",
                                 "cancel:1_2.1",
                                 "cancel:1_2.",
                                 "cancel:1_2.2.2",
                                 "cancel:--1_2",
                                 "cancel:1_-2",
                                 "cancel:0_1",
                                 "cancel:1;drop_2",
                                 "go:0",
                                 "go:-1",
                                 "go:9223372036854775808",
                                 "no:x",
                                 "menu:admin",
                                 "history:0",
                                 "unknown:1",
                                 "go:1:2",
                                 std::string("go:1\0", 5)};
    for (const auto& data : wrong) EXPECT_EQ(parse_button(data), std::nullopt) << data;
    EXPECT_EQ(parse_button("voice:" + std::string(100'000, 'a')), std::nullopt);
}

TEST(Button, RandomBytesNeverBreakTheReader) {
    std::mt19937_64 random(1);
    for (int i = 0; i < 20'000; ++i) {
        static const std::string names[] = {"", "voice:", "cancel:", "go:", "speed:", "menu:"};
        auto data = names[random() % std::size(names)];
        for (auto length = random() % 70; length > 0; --length)
            data += static_cast<char>(random() % 256);
        if (const auto action = parse_button(data)) EXPECT_EQ(button_data(*action), data);
    }
}

}  // namespace
}  // namespace mlbilling::bot
