#include "sandbox_fixture.hpp"

namespace mlbilling::test {
namespace {

using SandboxBotApi = SandboxFixture;

TEST_F(SandboxBotApi, AConversationGoesBothWays) {
    const auto sent = control("POST", "chats/1001/messages", R"({"from":1001,"text":"Привет"})");
    EXPECT_EQ(sent.at("id").as_int64(), 1);
    EXPECT_EQ(sent.at("from").as_string(), "user");
    const auto updates = result(bot("getUpdates"));
    EXPECT_EQ(updates.at(0).at("message").at("text").as_string(), "Привет");
    const auto reply = result(bot("sendMessage", R"({"chat_id":1001,"text":"Здравствуйте",
        "reply_parameters":{"message_id":1},
        "reply_markup":{"inline_keyboard":[[{"text":"Да","callback_data":"yes"}]]}})"));
    EXPECT_EQ(reply.at("reply_to_message").at("message_id").as_int64(), 1);
    const auto page = control("GET", "chats/1001/messages?after=1");
    ASSERT_EQ(page.at("messages").as_array().size(), 1U);
    const auto& view = page.at("messages").at(0);
    EXPECT_EQ(view.at("from").as_string(), "bot");
    EXPECT_EQ(view.at("from_id").as_int64(), 42);
    EXPECT_EQ(view.at("reply_to").as_int64(), 1);
    EXPECT_EQ(view.at("keyboard").at(0).at(0).at("data").as_string(), "yes");
    EXPECT_TRUE(view.at("file").is_null());

    control("POST", "chats/1001/press", R"({"from":1001,"message_id":2,"data":"yes"})");
    const auto next = std::to_string(updates.at(0).at("update_id").as_int64() + 1);
    const auto pressed =
        result(bot("getUpdates", R"({"offset":)" + next + "}")).at(0).at("callback_query");
    EXPECT_EQ(pressed.at("data").as_string(), "yes");
    const std::string query(pressed.at("id").as_string());
    result(
        bot("answerCallbackQuery", R"({"callback_query_id":")" + query + R"(","text":"Готово"})"));
    const auto toasts = control("GET", "chats/1001/messages?after=2").at("toasts");
    EXPECT_EQ(toasts.at(0).at("text").as_string(), "Готово");
}

TEST_F(SandboxBotApi, AVoiceGoesFromTheUserToTheBotAndBack) {
    const std::string voice("Ogg\0S\r\n--C voice", 16);
    const auto sent = json::parse(
        ask("POST", "/sandbox/api/chats/1001/files?from=1001&kind=voice&duration=3&mime=audio/ogg",
            voice)
            .body);
    EXPECT_EQ(sent.at("kind").as_string(), "voice");
    EXPECT_EQ(sent.at("file").at("size").as_int64(), 16);
    const auto message = result(bot("getUpdates")).at(0).at("message");
    const std::string file_id(message.at("voice").at("file_id").as_string());
    const auto file = result(bot("getFile", R"({"file_id":")" + file_id + R"("})"));
    const std::string path(file.at("file_path").as_string());
    const auto download = ask("GET", "/file/bot42:secret/" + path);
    EXPECT_EQ(download.body, voice);
    EXPECT_EQ(description(ask("GET", "/file/bot42:secret/voice/file_99.oga")), "Not Found");

    const auto back = result(upload("sendVoice", "1001", "voice", voice, "−2 · 18 left"));
    EXPECT_EQ(back.at("voice").at("file_unique_id").as_string(),
              message.at("voice").at("file_unique_id").as_string());
    const auto record = control("GET", "record?chat_id=1001");
    ASSERT_EQ(record.as_array().size(), 1U);
    EXPECT_EQ(record.at(0).at("caption").as_string(), "−2 · 18 left");
    EXPECT_EQ(record.at(0).at("kind").as_string(), "voice");
    const auto view = control("GET", "chats/1001/messages?after=1").at("messages").at(0);
    const std::string url(view.at("file").at("url").as_string());
    const auto played = ask("GET", url, "", {{"Range", "bytes=3-5"}});
    EXPECT_EQ(played.status, 206);
    EXPECT_EQ(played.body, voice.substr(3, 3));
    EXPECT_EQ(played.headers.at("content-range"), "bytes 3-5/16");
    EXPECT_EQ(played.headers.at("content-type"), "audio/ogg");
}

TEST_F(SandboxBotApi, TokensMethodsAndPathsAreChecked) {
    EXPECT_EQ(description(ask("GET", "/botnonsense/getMe")),
              "Unauthorized: invalid token specified");
    EXPECT_EQ(ask("GET", "/botnonsense/getMe").status, 401);
    EXPECT_EQ(description(ask("GET", "/bot42:secret/dance")), "Not Found: method not found");
    EXPECT_EQ(ask("GET", "/bot42:secret/dance").status, 404);
    EXPECT_EQ(ask("GET", "/bot42:secret").status, 404);
    EXPECT_EQ(result(ask("GET", "/bot42:secret/GETME")).at("id").as_int64(), 42);
    EXPECT_EQ(result(ask("GET", "/bot42:secret/sendMessage?chat_id=1002&text=by+query"))
                  .at("text")
                  .as_string(),
              "by query");
    EXPECT_EQ(result(ask("POST", "/bot42:secret/sendMessage", "chat_id=1002&text=by+form",
                         {{"Content-Type", "application/x-www-form-urlencoded"}}))
                  .at("text")
                  .as_string(),
              "by form");
    EXPECT_EQ(bot("sendMessage", "{broken").status, 400);
}

TEST_F(SandboxBotApi, ALongPollIsAnsweredWhenSomethingComesAndTheOlderOneGets409) {
    const auto older = begin("GET", "/bot42:secret/getUpdates?timeout=50");
    const auto newer = begin("GET", "/bot42:secret/getUpdates?timeout=50&offset=1");
    const auto conflict = finish(*older);
    EXPECT_EQ(conflict.status, 409);
    EXPECT_THAT(description(conflict), HasSubstr("terminated by other getUpdates request"));
    EXPECT_FALSE(newer->done());
    control("POST", "chats/1001/messages", R"({"from":1001,"text":"a"})");
    EXPECT_EQ(result(finish(*newer)).as_array().size(), 1U);
}

TEST_F(SandboxBotApi, ALongPollEndsAfter50SecondsOfTheSandboxesClock) {
    const auto poll = begin("GET", "/bot42:secret/getUpdates?timeout=900");
    clock.advance(seconds(50) - Duration(1));
    EXPECT_FALSE(poll->done());
    clock.advance(Duration(1));
    EXPECT_TRUE(result(finish(*poll)).as_array().empty());
}

TEST_F(SandboxBotApi, APollWhoseClientWentAwayDoesNotDisturbTheNext) {
    HttpClient client(loop, server->port());
    run(loop, client.connect());
    run(loop, client.send(text("GET", "/bot42:secret/getUpdates?timeout=50")));
    for (int turn = 0; turn < 2; ++turn) control("GET", "users");
    client.close();
    for (int turn = 0; turn < 2; ++turn) control("GET", "users");
    const auto next = begin("GET", "/bot42:secret/getUpdates?timeout=50&offset=1");
    control("POST", "chats/1001/messages", R"({"from":1001,"text":"a"})");
    EXPECT_EQ(result(finish(*next)).as_array().size(), 1U);
}

TEST_F(SandboxBotApi, UploadsAbove50MegabytesAreRefused) {
    EXPECT_EQ(upload("sendDocument", "1001", "document", std::string(50U << 20U, 'x')).status, 200);
    const auto large =
        upload("sendDocument", "1001", "document", std::string((50U << 20U) + 1, 'x'));
    EXPECT_EQ(large.status, 413);
    EXPECT_EQ(description(large), "Request Entity Too Large");
    EXPECT_EQ(upload("sendDocument", "1001", "document", std::string(52U << 20U, 'x')).status, 413);
}

}  // namespace
}  // namespace mlbilling::test
