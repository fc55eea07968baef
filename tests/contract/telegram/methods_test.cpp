#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "contract/telegram/fixture.hpp"
#include "integration/http_client/multipart.hpp"

// What each method puts on the wire and makes of the answer.
namespace mlbilling::telegram {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;

class TelegramMethods : public TelegramApiTest {};

TEST_F(TelegramMethods, GetMeTellsWhoTheBotIs) {
    answer_result(R"({"id":777,"is_bot":true,"first_name":"B","username":"speech_bot"})");
    const auto identity = run(api->get_me());
    ASSERT_TRUE(identity.ok());
    EXPECT_EQ(identity->id, BotId(777));
    EXPECT_EQ(identity->username, "speech_bot");
    EXPECT_EQ(last_request().method, "POST");
    EXPECT_EQ(last_request().target, "/bot" + token + "/getMe");
    EXPECT_EQ(last_request().headers.at("content-type"), "application/json");
    EXPECT_THAT(metrics.calls, ElementsAre("getMe ok"));
}

TEST_F(TelegramMethods, APollBringsUpdatesAndIsNoted) {
    answer_result(
        R"([{"update_id":5,"message":{"message_id":1,"date":1,"chat":{"id":42,"type":"private"},)"
        R"("from":{"id":42},"text":"hi","reply_to_message":{"message_id":2,"from":{"id":777}}}},{"update_id":6}])");
    const auto updates = run(api->get_updates(5, Duration(30'000)));
    ASSERT_TRUE(updates.ok());
    ASSERT_EQ(updates->size(), 2u);
    EXPECT_TRUE(std::get<IncomingMessage>((*updates)[0].content).replies_to_bot);
    EXPECT_EQ((*updates)[1].id, UpdateId(6));
    EXPECT_EQ(
        json::parse(last_request().body),
        json::parse(
            R"({"offset":5,"limit":100,"timeout":30,"allowed_updates":["message","callback_query"]})"));
    EXPECT_EQ(metrics.last_poll, clock.now());
}

TEST_F(TelegramMethods, APollThatFailsIsNotNotedAsAPoll) {
    answer_result(R"([{"message":{}}])");
    EXPECT_EQ(error_of(api->get_updates(5, Duration(0))).failure, Failure::unreadable);
    EXPECT_EQ(metrics.last_poll, std::nullopt);
}

TEST_F(TelegramMethods, ASentMessageTellsItsId) {
    const auto sent = run(api->send_message(text_to(42)));
    ASSERT_TRUE(sent.ok());
    EXPECT_EQ(sent->id, MessageId(9));
    EXPECT_EQ(sent->file_id, "");
    EXPECT_EQ(json::parse(last_request().body).at("chat_id"), 42);
}

TEST_F(TelegramMethods, AVoiceIsUploadedAsMultipartAndItsFileIdKept) {
    answer_result(R"({"message_id":9,"voice":{"file_id":"AwADBA","duration":2}})");
    auto file = file_to(42);
    file.caption = "−2 · 18 left";
    file.keyboard = {{{"Again", "again:1"}}};
    const auto sent = run(api->send_voice(std::move(file)));
    ASSERT_TRUE(sent.ok());
    EXPECT_EQ(sent->file_id, "AwADBA");
    EXPECT_EQ(last_request().target, "/bot" + token + "/sendVoice");
    const auto parts =
        test::parse_multipart(last_request().headers.at("content-type"), last_request().body);
    ASSERT_EQ(parts.size(), 4u);
    EXPECT_EQ(parts[1].bytes, "−2 · 18 left");
    EXPECT_EQ(json::parse(parts[2].bytes),
              json::parse(R"({"inline_keyboard":[[{"text":"Again","callback_data":"again:1"}]]})"));
    EXPECT_EQ(parts[3].name, "voice");
    EXPECT_EQ(parts[3].bytes, "OggS");
    EXPECT_EQ(parts[3].file_name, "voice.ogg");
    EXPECT_EQ(parts[3].mime_type, "audio/ogg");
}

TEST_F(TelegramMethods, AFileThatIsShownAsAnotherKindKeepsItsId) {
    answer_result(R"({"message_id":9,"document":{"file_id":"D"}})");
    EXPECT_EQ(run(api->send_audio(file_to(42)))->file_id, "D");
    EXPECT_EQ(run(api->send_document(file_to(42)))->file_id, "D");
}

TEST_F(TelegramMethods, WhatAnswersOnlyTrueIsDone) {
    answer_result("true");
    EXPECT_TRUE(run(api->edit_message_text(ChatId(42), MessageId(9), "new", {})).ok());
    EXPECT_TRUE(run(api->delete_message(ChatId(42), MessageId(9))).ok());
    EXPECT_TRUE(run(api->send_chat_action(ChatId(42), ChatAction::typing, std::nullopt)).ok());
    EXPECT_TRUE(run(api->answer_callback_query("1", "ok")).ok());
    EXPECT_TRUE(run(api->set_my_commands({{"start", "Begin"}}, "ru")).ok());
    EXPECT_THAT(metrics.calls,
                ElementsAre("editMessageText ok", "deleteMessage ok", "sendChatAction ok",
                            "answerCallbackQuery ok", "setMyCommands ok"));
}

TEST_F(TelegramMethods, ASuccessWithoutAReadableResultMayHaveHappened) {
    for (const auto* result :
         {"true", "{}", R"({"message_id":"9"})", R"({"message_id":-9})", "[]"}) {
        answer_result(result);
        EXPECT_EQ(error_of(api->send_message(text_to(42))).failure, Failure::ambiguous) << result;
        EXPECT_EQ(error_of(api->get_me()).failure, Failure::ambiguous) << result;
    }
}

TEST_F(TelegramMethods, ABaseWithAPathIsKept) {
    auto other = options();
    other.api_base += "/tunnel/";
    use(other);
    ASSERT_TRUE(run(api->send_message(text_to(42))).ok());
    EXPECT_EQ(last_request().target, "/tunnel/bot" + token + "/sendMessage");
}

class TelegramDownloads : public TelegramApiTest {
  protected:
    /// getFile answers this, and everything else is the file.
    void serve(const std::string& file, Reply content) {
        script = [this, file, content](const Request& request) {
            const bool asks = request.target == "/bot" + token + "/getFile";
            return asks ? test::reply_with(200, R"({"ok":true,"result":)" + file + "}") : content;
        };
    }
};

TEST_F(TelegramDownloads, AFileIsAskedForAndFetched) {
    serve(R"({"file_id":"V","file_path":"voice/file_1.oga","file_size":4})",
          test::reply_with(200, "OggS"));
    const auto bytes = run(api->download("V", 100));
    ASSERT_TRUE(bytes.ok());
    EXPECT_EQ(*bytes, "OggS");
    EXPECT_EQ(json::parse(server.requests()[0].body), json::parse(R"({"file_id":"V"})"));
    EXPECT_EQ(last_request().method, "GET");
    EXPECT_EQ(last_request().target, "/file/bot" + token + "/voice/file_1.oga");
    EXPECT_THAT(metrics.calls, ElementsAre("getFile ok", "download ok"));
}

TEST_F(TelegramDownloads, FilesMayHaveABaseOfTheirOwn) {
    serve(R"({"file_path":"voice/file_1.oga"})", test::reply_with(200, "OggS"));
    auto other = options();
    other.file_base = server.url() + "/mirror/";
    use(other);
    ASSERT_TRUE(run(api->download("V", 100)).ok());
    EXPECT_EQ(last_request().target, "/mirror/bot" + token + "/voice/file_1.oga");
}

TEST_F(TelegramDownloads, APathThatLeadsElsewhereIsNotAskedFor) {
    for (const auto* path :
         {"../bot777:x/logOut", "http://127.0.0.1/x", "/etc/passwd", "voice/../../x", ""}) {
        serve(std::string(R"({"file_path":")") + path + "\"}", test::reply_with(200, "stolen"));
        EXPECT_EQ(error_of(api->download("V", 100)).failure, Failure::file_unavailable) << path;
        EXPECT_EQ(last_request().target, "/bot" + token + "/getFile") << path;
    }
}

TEST_F(TelegramDownloads, MoreThanAllowedIsRefusedByClaimAndByContent) {
    serve(R"({"file_path":"voice/a","file_size":101})", test::reply_with(200, "small"));
    EXPECT_EQ(error_of(api->download("V", 100)).failure, Failure::too_large);
    EXPECT_EQ(requests(), 1u) << "the file itself was asked for";
    serve(R"({"file_path":"voice/a","file_size":5})", test::reply_with(200, std::string(101, 'x')));
    EXPECT_EQ(error_of(api->download("V", 100)).failure, Failure::too_large);
    serve(R"({"file_path":"voice/a"})", test::reply_by(Reply::Kind::endless));
    EXPECT_EQ(error_of(api->download("V", 100'000)).failure, Failure::too_large);
}

TEST_F(TelegramDownloads, AFileThatIsGoneIsUnavailable) {
    serve(R"({"file_path":"voice/a"})",
          test::reply_with(404, R"({"ok":false,"error_code":404,"description":"Not Found"})"));
    EXPECT_EQ(error_of(api->download("V", 100)).failure, Failure::file_unavailable);
    answer_always(400, R"({"ok":false,"error_code":400,"description":)"
                       R"("Bad Request: wrong file_id or the file is temporarily unavailable"})");
    EXPECT_EQ(error_of(api->download("V", 100)).failure, Failure::file_unavailable);
}

TEST_F(TelegramDownloads, AFileThatBreaksOffIsAnErrorAndNotAShortFile) {
    serve(R"({"file_path":"voice/a"})", test::reply_by(Reply::Kind::cut));
    EXPECT_EQ(error_of(api->download("V", 100)).failure, Failure::ambiguous);
}

}  // namespace
}  // namespace mlbilling::telegram
