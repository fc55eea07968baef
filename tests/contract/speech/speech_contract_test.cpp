// What every speech provider promises. A new adapter adds its factory to INSTANTIATE_TEST_SUITE_P.
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <cctype>
#include <map>
#include <set>

#include "contract/speech/speech_under_test.hpp"

namespace mlbilling::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class SpeechContract : public testing::TestWithParam<SpeechFactory> {
  public:
    asio::io_context loop;
    std::shared_ptr<Speech> speech = GetParam().make(loop);
    Caller call{loop, *speech};
};
INSTANTIATE_TEST_SUITE_P(All, SpeechContract,
                         testing::Values(local_speech(), openai_speech(), yandex_speech()),
                         [](const auto& param) { return param.param.name; });

const std::map<std::string, std::string> greetings{
    {"ru", "Привет, мир"},    {"en", "Hello, world"}, {"de", "Guten Tag, Welt"},
    {"fr", "Bonjour à tous"}, {"es", "Hola, mundo"},  {"it", "Ciao a tutti"},
    {"pt", "Olá, mundo"},     {"pl", "Dzień dobry"},  {"tr", "Merhaba dünya"},
    {"uk", "Привіт, світе"},  {"kk", "Сәлем, әлем"},  {"uz", "Salom, dunyo"},
    {"he", "שלום עולם"}};

TEST_P(SpeechContract, VoicesHaveStableUniqueNames) {
    const auto voices = speech->voices();
    ASSERT_FALSE(voices.empty());
    std::set<std::string> ids;
    for (const auto& voice : voices) {
        EXPECT_TRUE(ids.insert(voice.id).second) << voice.id;
        EXPECT_GE(voice.id.size(), 1U);
        EXPECT_LE(voice.id.size(), 24U);
        EXPECT_EQ(voice.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-"),
                  std::string::npos);
        EXPECT_FALSE(voice.title.empty());
        EXPECT_EQ(voice.language.size(), 2U);
    }
}

TEST_P(SpeechContract, EveryVoiceSpeaksItsLanguage) {
    for (const auto& voice : speech->voices()) {
        SCOPED_TRACE(voice.id);
        ASSERT_TRUE(greetings.contains(voice.language));
        const auto sound = value_of(call.synthesize(greetings.at(voice.language), voice.id));
        EXPECT_GT(audible_seconds(sound), 0.4);
        EXPECT_LT(sound.duration(), 10s);
    }
}

TEST_P(SpeechContract, SpeedChangesTheLength) {
    for (const auto& voice : speech->voices()) {
        if (voice.language != "ru" && voice.language != "en") continue;
        SCOPED_TRACE(voice.id);
        const auto length = [&](int percent) {
            const auto text = greetings.at(voice.language) + ". " + greetings.at(voice.language);
            return static_cast<double>(
                value_of(call.synthesize(text, voice.id, percent)).duration().count());
        };
        const double normal = length(100);
        EXPECT_GT(length(50), 1.4 * normal);
        EXPECT_LT(length(200), 0.8 * normal);
    }
}

TEST_P(SpeechContract, MoreTextIsMoreSound) {
    const auto voice = speech->voices().front();
    std::string text;
    for (int i = 0; i < 40; ++i) text += greetings.at(voice.language) + ". ";
    EXPECT_GT(value_of(call.synthesize(text, voice.id)).duration(), 20s);
}

TEST_P(SpeechContract, AnyTextIsSpokenOrRefusedAndHarmsNothing) {
    std::set<std::string> tried;
    for (const auto& voice : speech->voices()) {
        if (!tried.insert(voice.language).second) continue;
        for (const std::string text : {"...",
                                       "!?",
                                       "-",
                                       "--help",
                                       "-f /etc/passwd",
                                       "$(id) `id` ; ls | cat & true > /tmp/x",
                                       "<speak>Hello <break time=\"100h\"/></speak>",
                                       "<?xml version=\"1.0\"?><speak/>",
                                       "[[hE'loU]] \"quoted\" 'quoted' \\ %s %n",
                                       "12345678901234567890",
                                       "AT&T, 100 %",
                                       "https://example.org/a?b=c&d=e",
                                       "😀👍🏽",
                                       "a",
                                       "Ё",
                                       "你好",
                                       "مرحبا",
                                       "नमस्ते",
                                       "e\u0301",
                                       "\xEF\xBF\xBD",
                                       "\u202Eright to left",
                                       "a\nb\n\nc"}) {
            SCOPED_TRACE(voice.id + ": " + text);
            const auto provided = call.synthesize(text, voice.id);
            if (const auto* sound = std::get_if<Sound>(&provided)) {
                EXPECT_LT(sound->duration(), 60s);
            } else {
                EXPECT_TRUE(fails(provided, ProviderFailure::Kind::refused));
            }
        }
    }
}

TEST_P(SpeechContract, AVoiceOfAnotherProviderStillGivesSound) {
    for (const std::string voice : {"", "no-such-voice", "../../etc/passwd", "--help"}) {
        EXPECT_GT(audible_seconds(value_of(call.synthesize("Привет, мир", voice))), 0.4) << voice;
        EXPECT_GT(audible_seconds(value_of(call.synthesize("Hello, world", voice))), 0.4) << voice;
    }
}

TEST_P(SpeechContract, AHugeTextIsRefusedOrSpokenWithinItsDeadline) {
    for (const std::string word : {"word ", "слово ", "x", "ы", "9", "."}) {
        for (const std::size_t size : {8'000U, 100'000U}) {
            std::string text;
            while (text.size() < size) text += word;
            for (const std::string voice : {"slt", "espeak-ru"}) {
                const auto begin = std::chrono::steady_clock::now();
                auto spoken = run(loop, speech->synthesize({.text = text, .voice = voice}, 5s));
                EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s) << word;
                const auto provided = heard(std::move(spoken));
                if (const auto* sound = std::get_if<Sound>(&provided)) {
                    EXPECT_LE(sound->duration(), 31min) << word;
                }
            }
        }
    }
}

TEST_P(SpeechContract, ALanguageThatItDoesNotKnowIsUnsupported) {
    const auto known = speech->recognised_languages();
    for (const std::string language : {"ru", "tlh", ""}) {
        if (std::count(known.begin(), known.end(), language) > 0) continue;
        Sound sound;
        sound.samples.resize(16'000);
        EXPECT_TRUE(
            fails(call.recognize(std::move(sound), language), ProviderFailure::Kind::unsupported));
    }
}

TEST_P(SpeechContract, SilenceIsAnEmptyTranscript) {
    for (const std::size_t count : {0U, 1U, 16'000U, 160'000U}) {
        Sound silence;
        silence.samples.resize(count);
        auto languages = speech->recognised_languages();
        languages.resize(std::min<std::size_t>(languages.size(), 3));
        for (const auto& language : languages) {
            EXPECT_EQ(value_of(call.recognize(silence, language)).text, "");
        }
    }
}

TEST_P(SpeechContract, ADeadlineEndsACallAsBusy) {
    EXPECT_TRUE(fails(call.synthesize("Hello, world", "slt", 100, Duration(0)),
                      ProviderFailure::Kind::busy));
    auto sound = value_of(call.synthesize("Hello, world", "slt"));
    EXPECT_TRUE(fails(call.recognize(sound, "en", 1ms), ProviderFailure::Kind::busy));
    // And the next call does not suffer from it.
    EXPECT_NE(value_of(call.recognize(sound, "en")).text, "");
}

TEST_P(SpeechContract, ACancelledCallEnds) {
    const auto voice = speech->voices().front();
    std::string text;
    for (int i = 0; i < 300; ++i) text += "Hello, world. ";
    auto sound = value_of(call.synthesize("Hello, world", "slt"));
    asio::cancellation_signal first, second;
    int ended = 0;
    asio::co_spawn(loop, speech->synthesize({.text = text, .voice = voice.id}, patience),
                   asio::bind_cancellation_slot(
                       first.slot(), [&](std::exception_ptr error, const Provided<SpokenVoice>&) {
                           EXPECT_TRUE(error);
                           ++ended;
                       }));
    RecognitionRequest request;
    request.sound = sound;
    request.language = "en";
    asio::co_spawn(loop, speech->recognize(std::move(request), patience),
                   asio::bind_cancellation_slot(
                       second.slot(), [&](std::exception_ptr error, const Provided<Transcript>&) {
                           EXPECT_TRUE(error);
                           ++ended;
                       }));
    loop.restart();
    // Both have begun then, and no provider answers so soon; to poll until nothing is ready may
    // last until it has.
    for (int turn = 0; turn < 10; ++turn) loop.poll_one();
    first.emit(asio::cancellation_type::terminal);
    second.emit(asio::cancellation_type::terminal);
    while (ended < 2 && loop.run_one() > 0) {
    }
    EXPECT_EQ(ended, 2);
    EXPECT_NE(value_of(call.recognize(sound, "en")).text, "");
}

}  // namespace
}  // namespace mlbilling::test
