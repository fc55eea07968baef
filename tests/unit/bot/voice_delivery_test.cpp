#include <gmock/gmock.h>

#include "bot_world.hpp"

namespace mlbilling::test {
namespace {

using telegram::Failure;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing::StartsWith;

class VoiceDelivery : public BotWorld {
  protected:
    /// The texts, captions and methods since the last look.
    std::vector<std::string> news() {
        auto all = telegram.summary();
        std::vector<std::string> fresh(all.begin() + static_cast<std::ptrdiff_t>(seen_), all.end());
        seen_ = all.size();
        return fresh;
    }

  private:
    std::size_t seen_ = 0;
};

TEST_F(VoiceDelivery, SeveralVoicesComeInOrderAsRepliesAndTheLastBearsTheReceipt) {
    start();
    const auto task = write(std::string(90, 'a'));
    complete_text(task, {"one", "two", "three"}, 9);
    const auto voices = telegram.of("sendVoice");
    ASSERT_THAT(voices, SizeIs(3));
    EXPECT_EQ(voices[0].text, "1/3");
    EXPECT_EQ(voices[1].text, "2/3");
    EXPECT_EQ(voices[2].text, "3/3 · −9 · 11 left");
    EXPECT_EQ(voices[2].file.bytes, "three");
    for (const auto& voice : voices) EXPECT_EQ(voice.reply_to, MessageId(1));
    EXPECT_THAT(store.delivery_of(task).file_ids, SizeIs(3));
}

TEST_F(VoiceDelivery, ManyVoicesArePacedAfterABurst) {
    start();
    const auto task = write("Hello");
    complete_text(task, {"1", "2", "3", "4", "5"}, 1);
    EXPECT_EQ(telegram.count("sendVoice"), 3U);
    pass(Duration(1'000));
    EXPECT_EQ(telegram.count("sendVoice"), 4U);
    pass(Duration(1'000));
    EXPECT_EQ(telegram.count("sendVoice"), 5U);
}

TEST_F(VoiceDelivery, AnAnswerThatWasCutOffGoesOnWhereItStopped) {
    start();
    const auto task = write(std::string(30, 'a'));
    telegram.fail_next("sendVoice", Failure::too_many_requests, Duration(4'000));
    store.complete(task, {"", {{ResultKey("a"), {}}, {ResultKey("b"), {}}, {ResultKey("c"), {}}}},
                   3);
    for (const auto* key : {"a", "b", "c"}) results.blobs[ResultKey(key)] = key;
    store.delivery_of(task).parts_sent = 1;
    broker.reply(task.value());
    clock.drain();
    EXPECT_THAT(news(), ElementsAre("sendChatAction: record_voice", "sendVoice: 2/3"));
    EXPECT_EQ(store.delivery_of(task).attempt, 0);
    pass(Duration(4'000));
    EXPECT_THAT(news(), IsEmpty());
    pass(Duration(2'500));
    EXPECT_THAT(news(), ElementsAre("sendVoice: 2/3", "sendVoice: 3/3 · −3 · 17 left"));
    EXPECT_EQ(store.delivery_of(task).state, "sent");
}

TEST_F(VoiceDelivery, WhereVoicesAreForbiddenAnAudioComesAndSaysWhy) {
    start();
    const auto task = write(std::string(20, 'a'));
    telegram.fail_next("sendVoice", Failure::voice_forbidden);
    complete_text(task, {"one", "two"}, 2);
    EXPECT_THAT(news(),
                ElementsAre("sendChatAction: record_voice", "sendVoice: 1/2",
                            "sendAudio: Voice messages are not allowed here, so this is an audio "
                            "file.\n1/2",
                            "sendAudio: 2/2 · −2 · 18 left"));
    EXPECT_EQ(telegram.last("sendAudio").file.bytes, "two");
}

TEST_F(VoiceDelivery, WhereAudioIsForbiddenTooADocumentComes) {
    start();
    const auto task = write(std::string(20, 'a'));
    telegram.fail_next("sendVoice", Failure::voice_forbidden);
    telegram.fail_next("sendAudio", Failure::voice_forbidden);
    complete_text(task, {"one"}, 2);
    EXPECT_THAT(telegram.last("sendDocument").text,
                StartsWith("Voice messages and audio are not allowed here, so this is a file."));
    EXPECT_THAT(telegram.last("sendDocument").text, HasSubstr("−2 · 18 left"));
    EXPECT_EQ(store.delivery_of(task).state, "sent");
}

TEST_F(VoiceDelivery, WhereNoFormIsAllowedTheUserIsToldHonestly) {
    start();
    const auto task = write(std::string(20, 'a'));
    telegram.fail_next("sendVoice", Failure::voice_forbidden);
    telegram.fail_next("sendAudio", Failure::voice_forbidden);
    telegram.fail_next("sendDocument", Failure::voice_forbidden);
    complete_text(task, {"one"}, 2);
    EXPECT_THAT(telegram.last("sendMessage").text,
                HasSubstr("neither as a voice message nor as a file"));
    EXPECT_EQ(store.delivery_of(task).state, "sent");
}

TEST_F(VoiceDelivery, AVoiceThatTelegramDoesNotTakeComesAsAFileWithoutBlamingTheUser) {
    start();
    const auto task = write(std::string(20, 'a'));
    // Once more without the reply, before the voice is to blame.
    telegram.fail_next("sendVoice", Failure::bad_request);
    telegram.fail_next("sendVoice", Failure::bad_request);
    complete_text(task, {"one"}, 2);
    EXPECT_THAT(telegram.last("sendAudio").text,
                StartsWith("Telegram did not take this as a voice"));
}

TEST_F(VoiceDelivery, AVoiceThatIsLostIsPaidBackAndSaidSo) {
    start();
    const auto task = write(std::string(20, 'a'));
    store.complete(task, {"", {{ResultKey("gone"), {}}}}, 2);
    broker.reply(task.value());
    clock.drain();
    EXPECT_THAT(telegram.last("sendMessage").text, HasSubstr("got lost on our side"));
    EXPECT_THAT(telegram.last("sendMessage").text, HasSubstr("2 credits came back"));
    EXPECT_THAT(store.refunds, ElementsAre(Pair(task, Credits(2))));
}

TEST_F(VoiceDelivery, AVoiceThatAPowerCutMadeShorterIsLost) {
    start();
    const auto task = write(std::string(20, 'a'));
    results.blobs[ResultKey("whole")] = std::string(100, 'x');
    results.blobs[ResultKey("cut")] = std::string(99, 'x');
    store.complete(task, {"", {{ResultKey("whole"), {}, 100}, {ResultKey("cut"), {}, 100}}}, 2);
    broker.reply(task.value());
    clock.drain();
    EXPECT_EQ(telegram.count("sendVoice"), 1U);
    EXPECT_THAT(store.refunds, ElementsAre(Pair(task, Credits(2))));
}

TEST_F(VoiceDelivery, AVoiceThatIsAskedForAgainAndNotKeptAnyMoreIsNotPaidBack) {
    start();
    const auto task = write(std::string(20, 'a'));
    complete_text(task, {"one"}, 2);
    results.blobs.clear();
    arrive(press("again:" + task.value()));
    EXPECT_THAT(telegram.last("sendMessage").text, HasSubstr("not kept any more"));
    EXPECT_THAT(store.refunds, IsEmpty());
}

TEST_F(VoiceDelivery, AResultStoreThatIsDownOnlyDelays) {
    start();
    const auto task = write(std::string(20, 'a'));
    results.failing = 2;
    complete_text(task, {"one"}, 2);
    EXPECT_EQ(telegram.count("sendVoice"), 0U);
    EXPECT_EQ(store.delivery_of(task).attempt, 0);
    pass(Duration(20'000));
    EXPECT_EQ(telegram.count("sendVoice"), 1U);
    EXPECT_EQ(metrics.ambiguous, 0);
}

TEST_F(VoiceDelivery, AResultStoreThatFailsWhileAVoiceIsSentOnlyDelays) {
    start();
    const auto task = write(std::string(20, 'a'));
    results.breaking = 1;
    complete_text(task, {"voice"}, 2);
    EXPECT_EQ(telegram.count("sendVoice"), 0U);
    EXPECT_EQ(store.delivery_of(task).attempt, 0);
    pass(Duration(20'000));
    EXPECT_EQ(telegram.count("sendVoice"), 1U);
    EXPECT_EQ(metrics.ambiguous, 0);
}

TEST_F(VoiceDelivery, AVoiceRemovesTheStatusMessageAfterItWasSent) {
    start();
    const auto task = write("Hello");
    pass(Duration(1'500));
    const auto status = telegram.last("sendMessage").message;
    news();
    complete_text(task, {"one"}, 1);
    EXPECT_THAT(news(), ElementsAre("sendVoice: −1 · 19 left", "deleteMessage"));
    EXPECT_EQ(telegram.last("deleteMessage").message, status);
}

TEST_F(VoiceDelivery, StoppingLeavesTheRestOfALongAnswerToTheNextProcess) {
    start();
    const auto task = write("Hello");
    telegram.delay("sendVoice", Duration(1'000));
    complete_text(task, {"1", "2", "3", "4", "5"}, 1);
    pass(Duration(1'500));
    bot->stop();
    pass(Duration(1'000));
    EXPECT_TRUE(ended);
    EXPECT_EQ(store.delivery_of(task).parts_sent, 2);
    EXPECT_EQ(store.delivery_of(task).state, "pending");
}

}  // namespace
}  // namespace mlbilling::test
