// What the demonstration engine of its own promises: real voices are understood, noise is not.
#include "adapters/local_speech/local_speech.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numbers>
#include <random>
#include <sstream>

#include "adapters/audio/local_audio_codec.hpp"
#include "adapters/child_process/child_process.hpp"
#include "contract/speech/speech_under_test.hpp"

namespace mlbilling::test {

namespace {
struct Owner {
    child_process::ChildProcesses children{2};
    local_speech::LocalSpeech speech{children, {}};
};
}  // namespace

SpeechFactory local_speech() {
    return {"local", [](boost::asio::io_context&) {
                auto owner = std::make_shared<Owner>();
                return std::shared_ptr<Speech>(owner, &owner->speech);
            }};
}

namespace {

using namespace std::chrono_literals;

/// Package pocketsphinx-testdata.
const std::string recordings = "/usr/share/pocketsphinx/test/data/";

std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    EXPECT_TRUE(file) << path;
    return {std::istreambuf_iterator<char>(file), {}};
}

Sound raw(const std::string& name) {
    const auto bytes = content(recordings + name);
    Sound sound;
    sound.samples.resize(bytes.size() / 2);
    std::memcpy(sound.samples.data(), bytes.data(), sound.samples.size() * 2);
    return sound;
}

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream stream(text);
    return {std::istream_iterator<std::string>(stream), {}};
}

/// Words to insert, delete or replace until one text is the other.
std::size_t word_errors(const std::string& heard, const std::string& said) {
    const auto a = words_of(heard), b = words_of(said);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
        }
    }
    return row.back();
}

class LocalSpeech : public testing::Test {
  public:
    LocalSpeech() : speech(children, {}), codec(children, {}) {}

    Sound through_telegram(Sound sound) {
        auto voice = run(loop, codec.encode(std::move(sound)));
        auto decoded = run(loop, codec.decode(std::move(voice.ogg_opus), patience));
        EXPECT_TRUE(std::holds_alternative<DecodedAudio>(decoded));
        return std::get<DecodedAudio>(decoded).sound.copy();
    }
    std::string heard(Sound sound) { return value_of(call.recognize(std::move(sound))).text; }

    boost::asio::io_context loop;
    child_process::ChildProcesses children{2};
    local_speech::LocalSpeech speech;
    audio::LocalAudioCodec codec;
    Caller call{loop, speech};
};

TEST_F(LocalSpeech, SaysThatItIsADemonstration) {
    EXPECT_TRUE(speech.is_demonstration());
    EXPECT_EQ(speech.name(), "local");
    EXPECT_EQ(speech.recognised_languages(), std::vector<std::string>{"en"});
}

TEST_F(LocalSpeech, UnderstandsRealVoices) {
    EXPECT_EQ(heard(raw("goforward.raw")), "go forward ten meters");
    EXPECT_EQ(heard(raw("something.raw")), "go somewhere and do something");
}

TEST_F(LocalSpeech, UnderstandsMostOfABookReadAloud) {
    const std::string prefix = "librivox/sense_and_sensibility_01_austen_64kb-0";
    const std::vector<std::pair<std::string, std::string>> clips{
        {"920",
         "had he married a more amiable woman he might have been made still more respectable "
         "than he was"},
        {"930", "he might even have been made amiable himself"}};
    std::size_t errors = 0, words = 0;
    for (const auto& [name, said] : clips) {
        auto decoded =
            run(loop, codec.decode(content(recordings + prefix + name + ".wav"), patience));
        ASSERT_TRUE(std::holds_alternative<DecodedAudio>(decoded));
        errors += word_errors(heard(std::get<DecodedAudio>(decoded).sound.copy()), said);
        words += words_of(said).size();
    }
    EXPECT_LT(static_cast<double>(errors), 0.4 * static_cast<double>(words));
}

TEST_F(LocalSpeech, UnderstandsWhatItSaysAfterTheWayThroughTelegram) {
    const std::string said = "the weather today is warm and sunny with a light wind from the south";
    for (const std::string voice : {"slt", "rms", "awb"}) {
        const auto sound = through_telegram(value_of(call.synthesize(said, voice)));
        EXPECT_LE(word_errors(heard(sound), said), 6U) << voice;
    }
}

TEST_F(LocalSpeech, HearsWordsOnBothSidesOfALongPause) {
    Sound sound = raw("goforward.raw");
    const auto once = sound.samples;
    sound.samples.insert(sound.samples.end(), 40 * 16'000, 0);
    sound.samples.insert(sound.samples.end(), once.begin(), once.end());
    EXPECT_EQ(heard(sound), "go forward ten meters go forward ten meters");
}

TEST_F(LocalSpeech, HearsNobodyInNoiseAndTones) {
    std::mt19937 random(1);
    for (const double loudness : {3.0, 100.0, 1'000.0, 6'000.0}) {
        std::normal_distribution<double> noise(0, loudness);
        Sound sound;
        for (int i = 0; i < 80'000; ++i) {
            sound.samples.push_back(
                static_cast<std::int16_t>(std::clamp(noise(random), -32'000.0, 32'000.0)));
        }
        EXPECT_EQ(heard(sound), "") << "noise " << loudness;
    }
    for (const double hertz : {50.0, 440.0, 3'000.0}) {
        for (const bool beeps : {false, true}) {
            Sound sound;
            for (int i = 0; i < 48'000; ++i) {
                const bool on = !beeps || i / 8'000 % 2 == 0;
                const double angle = 2 * std::numbers::pi * hertz * i / 16'000;
                sound.samples.push_back(on ? static_cast<std::int16_t>(12'000 * std::sin(angle))
                                           : std::int16_t{0});
            }
            EXPECT_EQ(heard(sound), "") << hertz << (beeps ? " beeps" : " tone");
        }
    }
}

TEST_F(LocalSpeech, RussianNeedsAProvider) {
    EXPECT_TRUE(
        fails(call.recognize(raw("goforward.raw"), "ru"), ProviderFailure::Kind::unsupported));
}

TEST_F(LocalSpeech, AnEnglishVoiceLeavesOtherLettersToEspeak) {
    const auto russian = value_of(call.synthesize("Привет, мир", "slt"));
    EXPECT_GT(audible_seconds(russian), 0.4);
    EXPECT_EQ(russian.sample_rate, 22'050);
    EXPECT_EQ(value_of(call.synthesize("Café, naïve “quotes” — 😀", "slt")).sample_rate, 16'000);
}

TEST_F(LocalSpeech, TextIsNeverExecuted) {
    const std::string trap = "/tmp/mlbilling-trap-" + std::to_string(getpid());
    for (const std::string voice : {"slt", "espeak-ru"}) {
        for (const std::string& text :
             {"$(touch " + trap + ")", "`touch " + trap + "`", "hello; touch " + trap, "-w " + trap,
              "-o " + trap, "--phonout=" + trap, "\n-o " + trap + "\n"}) {
            call.synthesize(text, voice);
            EXPECT_FALSE(std::filesystem::exists(trap)) << text;
        }
    }
}

TEST_F(LocalSpeech, PunctuationAloneIsNoSound) {
    for (const std::string voice : {"slt", "espeak-ru"}) {
        EXPECT_TRUE(value_of(call.synthesize("...", voice)).samples.empty()) << voice;
    }
}

TEST_F(LocalSpeech, NamesThePackageThatIsMissing) {
    local_speech::LocalSpeech poor(children,
                                   {.programs = {.espeak = "/no/espeak", .flite = "/no/flite"},
                                    .model_directory = "/no/model"});
    Caller poor_call{loop, poor};
    const auto detail = [](const auto& provided) {
        EXPECT_TRUE(fails(provided, ProviderFailure::Kind::misconfigured));
        const auto* failure = std::get_if<ProviderFailure>(&provided);
        return failure == nullptr ? std::string() : failure->detail;
    };
    EXPECT_NE(detail(poor_call.synthesize("Привет", "espeak-ru")).find("package espeak-ng"),
              std::string::npos);
    EXPECT_NE(detail(poor_call.synthesize("Hello", "slt")).find("package flite"),
              std::string::npos);
    EXPECT_NE(detail(poor_call.recognize(raw("goforward.raw"))).find("package pocketsphinx-en-us"),
              std::string::npos);
}

TEST_F(LocalSpeech, AQueueOfRecordingsIsAnsweredInOrder) {
    std::vector<std::string> texts;
    for (const std::string name : {"goforward.raw", "something.raw", "goforward.raw"}) {
        RecognitionRequest request;
        request.sound = raw(name);
        request.language = "en";
        boost::asio::co_spawn(loop, speech.recognize(std::move(request), patience),
                              [&](std::exception_ptr error, Provided<Transcript> provided) {
                                  EXPECT_FALSE(error);
                                  texts.push_back(value_of(std::move(provided)).text);
                              });
    }
    loop.restart();
    loop.run();
    EXPECT_EQ(texts,
              (std::vector<std::string>{"go forward ten meters", "go somewhere and do something",
                                        "go forward ten meters"}));
}

}  // namespace
}  // namespace mlbilling::test
