// The pure parts of the demonstration engine.
#include <gtest/gtest.h>

#include <random>

#include "adapters/local_speech/script.hpp"
#include "adapters/local_speech/synthesis.hpp"
#include "adapters/local_speech/utterances.hpp"
#include "adapters/local_speech/voice_table.hpp"
#include "adapters/local_speech/wav.hpp"

namespace mlbilling::local_speech {
namespace {

using namespace std::chrono_literals;

/// Bursts that rise and fall as syllables do, over a quiet background.
void speak(std::vector<std::int16_t>& samples, double seconds) {
    std::mt19937 random(3);
    for (int i = 0; i < static_cast<int>(seconds * 16'000); ++i) {
        const bool syllable = i / 1'600 % 2 == 0;
        const int range = syllable ? 8'000 : 40;
        samples.push_back(static_cast<std::int16_t>(
            static_cast<int>(random() % (2 * 8'001)) % range - range / 2));
    }
}
void pause(std::vector<std::int16_t>& samples, double seconds) {
    std::mt19937 random(4);
    for (int i = 0; i < static_cast<int>(seconds * 16'000); ++i) {
        samples.push_back(static_cast<std::int16_t>(random() % 20));
    }
}

TEST(Utterances, SpeechWithShortPausesIsOne) {
    std::vector<std::int16_t> samples;
    speak(samples, 2);
    pause(samples, 0.5);
    speak(samples, 2);
    EXPECT_EQ(utterances_of(samples).size(), 1U);
}

TEST(Utterances, LongPausesSeparateAndAreLeftOut) {
    std::vector<std::int16_t> samples;
    pause(samples, 3);
    speak(samples, 2);
    pause(samples, 5);
    speak(samples, 3);
    const auto utterances = utterances_of(samples);
    ASSERT_EQ(utterances.size(), 2U);
    EXPECT_NEAR(static_cast<double>(utterances[0].size()), 2.3 * 16'000, 0.3 * 16'000);
    EXPECT_NEAR(static_cast<double>(utterances[1].size()), 3.2 * 16'000, 0.3 * 16'000);
}

TEST(Utterances, SpeechWithoutPausesIsCutAtTheLimitAndNothingIsLost) {
    std::vector<std::int16_t> samples;
    speak(samples, 65);
    const auto utterances = utterances_of(samples);
    EXPECT_GE(utterances.size(), 4U);
    const auto* end = samples.data();
    for (const auto& utterance : utterances) {
        EXPECT_LE(utterance.size(), 21U * 16'000);
        EXPECT_EQ(utterance.data(), end);
        end = utterance.data() + utterance.size();
    }
    EXPECT_GE(end, samples.data() + samples.size() - 16'000 / 2);
}

TEST(Utterances, NobodySpeaksInSilenceNoiseAndClicks) {
    EXPECT_TRUE(utterances_of({}).empty());
    std::vector<std::int16_t> samples(10);
    EXPECT_TRUE(utterances_of(samples).empty());
    samples.assign(100'000, 0);
    EXPECT_TRUE(utterances_of(samples).empty());
    samples[50'000] = 32'000;
    EXPECT_TRUE(utterances_of(samples).empty());
    samples.clear();
    pause(samples, 10);
    EXPECT_TRUE(utterances_of(samples).empty());
}

TEST(Script, IsThatOfTheFirstForeignLetter) {
    EXPECT_EQ(script_of("Hello, world 123 — “quoted” 😀"), Script::latin);
    EXPECT_EQ(script_of("Café Größe ﬁn ｆｕｌｌ"), Script::latin);
    EXPECT_EQ(script_of("Say привет"), Script::cyrillic);
    EXPECT_EQ(script_of("γειά"), Script::greek);
    EXPECT_EQ(script_of("你好"), Script::chinese);
    EXPECT_EQ(script_of("こんにちは"), Script::japanese);
    EXPECT_EQ(script_of("안녕"), Script::korean);
    EXPECT_EQ(script_of("ሰላም"), Script::other);
    EXPECT_EQ(script_of(""), Script::latin);
}

TEST(Script, AsciiKeepsTheLetters) {
    EXPECT_EQ(to_ascii("Café naïve Łódź Žižek ÿ ß"), "Cafe naive Lodz Zizek y s");
    EXPECT_EQ(to_ascii("“a” – it’s… 5°"), "\"a\"  -  it's... 5 degrees ");
    EXPECT_EQ(to_ascii("tab\tnew\nline\x01"), "tab new\nline ");
    for (const char c : to_ascii("всё 你好 😀 \xC3"))
        EXPECT_LT(static_cast<unsigned char>(c), 0x80);
}

TEST(VoiceTable, GivesTheAskedVoiceIfItCanReadTheText) {
    EXPECT_EQ(voice_for("rms", "Hello").id, "rms");
    EXPECT_EQ(voice_for("rms", "Привет").id, "espeak-ru");
    EXPECT_EQ(voice_for("espeak-ru-f", "Hello").id, "espeak-ru-f");
    EXPECT_EQ(voice_for("alena", "Hello").id, "slt");
    EXPECT_EQ(voice_for("", "Привет").id, "espeak-ru");
}

TEST(Synthesis, TextIsInputAndNeverAnArgument) {
    for (const std::string_view id : {"slt", "espeak-ru"}) {
        const auto command = synthesis_command({}, voice_for(id, "x"), "--help", 100, 1s);
        for (const auto& argument : command.arguments) EXPECT_NE(argument, "--help");
        EXPECT_EQ(command.input, "--help");
    }
}

TEST(Synthesis, EmbeddedCommandsAreTakenApart) {
    const auto command =
        synthesis_command({}, voice_for("espeak-en", "x"), "[[[[a]] \x01+5s b", 100, 1s);
    EXPECT_EQ(command.input, "[ [ [ [a]]  +5s b");
}

TEST(Synthesis, LongWordsAndSentencesAreCutForFlite) {
    const auto command =
        synthesis_command({}, voice_for("slt", "x"), std::string(1'000, 'a'), 100, 1s);
    std::size_t word = 0;
    for (const char c : command.input) {
        word = c == ' ' || c == '\n' ? 0 : word + 1;
        EXPECT_LE(word, 40U);
    }
    EXPECT_NE(command.input.find("\n\n"), std::string::npos);
}

std::string wav_header(std::uint32_t riff_size, std::uint32_t data_size) {
    std::string header(
        "RIFF????WAVEfmt \x10\0\0\0\x01\0\x01\0\x22\x56\0\0\x44\xAC\0\0\x02\0\x10\0data????", 44);
    std::memcpy(header.data() + 4, &riff_size, 4);
    std::memcpy(header.data() + 40, &data_size, 4);
    return header;
}

TEST(Wav, SizesThatLieAreNotBelieved) {
    const auto sound = parse_wav(wav_header(0x7ffff024, 0x7ffff000) + std::string(100, 'x'));
    ASSERT_TRUE(sound);
    EXPECT_EQ(sound->sample_rate, 22'050);
    EXPECT_EQ(sound->samples.size(), 50U);
    EXPECT_EQ(parse_wav(wav_header(0, 20) + std::string(100, 'x'))->samples.size(), 10U);
    EXPECT_EQ(parse_wav(wav_header(0, 0xFFFFFFFF))->samples.size(), 0U);
}

TEST(Wav, OtherFilesAreNone) {
    const auto whole = wav_header(136, 100) + std::string(100, 'x');
    for (std::size_t size = 0; size < 44; ++size)
        EXPECT_FALSE(parse_wav(whole.substr(0, size))) << size;
    for (const std::size_t at : {0U, 8U, 20U, 22U, 26U, 34U}) {
        auto broken = whole;
        broken[at] = '\x7f';
        EXPECT_FALSE(parse_wav(broken)) << at;
    }
    std::mt19937 random(5);
    for (int i = 0; i < 10'000; ++i) {
        auto mutant = whole;
        for (int flip = 0; flip < 4; ++flip) mutant[random() % 60] = static_cast<char>(random());
        if (const auto sound = parse_wav(mutant)) EXPECT_LE(sound->samples.size(), 60U);
    }
}

}  // namespace
}  // namespace mlbilling::local_speech
