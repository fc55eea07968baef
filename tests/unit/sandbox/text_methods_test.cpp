#include "bot_fixture.hpp"
#include "sandbox/user_actions.hpp"

namespace mlbilling::sandbox {
namespace {

using TextMethods = BotFixture;

std::string repeated(const std::string& text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

TEST_F(TextMethods, SendMessageAnswersTheMessage) {
    const auto message = result("sendmessage", {{"chat_id", "1001"}, {"text", "  Привет \n"}});
    EXPECT_EQ(message.at("message_id").as_int64(), 1);
    EXPECT_EQ(message.at("text").as_string(), "Привет");
    EXPECT_EQ(message.at("date").as_int64(), 1'800'000'000);
    EXPECT_EQ(message.at("chat").at("id").as_int64(), anna);
    EXPECT_EQ(message.at("chat").at("type").as_string(), "private");
    EXPECT_EQ(message.at("from").at("id").as_int64(), test_bot);
    EXPECT_TRUE(message.at("from").at("is_bot").as_bool());
    EXPECT_EQ(
        result("sendmessage", {{"chat_id", "1001"}, {"text", "b"}}).at("message_id").as_int64(), 2);
    EXPECT_EQ(
        result("sendmessage", {{"chat_id", "1002"}, {"text", "b"}}).at("message_id").as_int64(), 1);
}

TEST_F(TextMethods, SendMessageSaysWhatIsWrongInTelegramsWords) {
    EXPECT_EQ(error("sendmessage", {{"text", "a"}}), "Bad Request: chat_id is empty");
    EXPECT_EQ(error("sendmessage", {{"chat_id", "5"}, {"text", "a"}}),
              "Bad Request: chat not found");
    EXPECT_EQ(error("sendmessage", {{"chat_id", "@channel"}, {"text", "a"}}),
              "Bad Request: chat not found");
    EXPECT_EQ(error("sendmessage", {{"chat_id", "1001"}}), "Bad Request: message text is empty");
    EXPECT_EQ(error("sendmessage", {{"chat_id", "1001"}, {"text", " \n "}}),
              "Bad Request: message text is empty");
    EXPECT_EQ(error("sendmessage", {{"chat_id", "1001"}, {"text", "\xff"}}),
              "Bad Request: strings must be encoded in UTF-8");
    EXPECT_EQ(
        error("sendmessage", {{"chat_id", "1001"}, {"text", "<b>a</b>"}, {"parse_mode", "HTML"}}),
        "Bad Request: unsupported parse_mode");
    state.people.find(anna)->blocked = true;
    const auto blocked = call("sendmessage", {{"chat_id", "1001"}, {"text", "a"}});
    EXPECT_EQ(blocked.status, 403);
    EXPECT_EQ(error(blocked), "Forbidden: bot was blocked by the user");
    EXPECT_TRUE(state.chats.find(anna)->messages.empty());
}

TEST_F(TextMethods, TheLimitOf4096CountsUtf16Units) {
    result("sendmessage", {{"chat_id", "1001"}, {"text", repeated("я", 4096)}});
    result("sendmessage", {{"chat_id", "1001"}, {"text", repeated("😀", 2048)}});
    EXPECT_EQ(error("sendmessage", {{"chat_id", "1001"}, {"text", repeated("я", 4097)}}),
              "Bad Request: message is too long");
    EXPECT_EQ(error("sendmessage", {{"chat_id", "1001"}, {"text", repeated("😀", 2048) + "a"}}),
              "Bad Request: message is too long");
}

TEST_F(TextMethods, ARepliedToMessageMustExistUnlessToldOtherwise) {
    const auto asked = say("question");
    const auto id = std::to_string(asked.id);
    const auto reply =
        result("sendmessage", {{"chat_id", "1001"},
                               {"text", "answer"},
                               {"reply_parameters", R"({"message_id":)" + id + "}"}});
    EXPECT_EQ(reply.at("reply_to_message").at("text").as_string(), "question");
    EXPECT_EQ(
        error("sendmessage",
              {{"chat_id", "1001"}, {"text", "a"}, {"reply_parameters", R"({"message_id":99})"}}),
        "Bad Request: message to be replied not found");
    EXPECT_EQ(
        error("sendmessage", {{"chat_id", "1001"}, {"text", "a"}, {"reply_to_message_id", "99"}}),
        "Bad Request: message to be replied not found");
    const auto lenient =
        result("sendmessage",
               {{"chat_id", "1001"},
                {"text", "a"},
                {"reply_parameters", R"({"message_id":99,"allow_sending_without_reply":true})"}});
    EXPECT_FALSE(lenient.contains("reply_to_message"));
    EXPECT_EQ(error("sendmessage", {{"chat_id", "1001"}, {"text", "a"}, {"reply_parameters", "{"}}),
              "Bad Request: can't parse reply parameters JSON object");
}

TEST_F(TextMethods, ButtonDataIsOneTo64Bytes) {
    const auto keyboard = [](const std::string& data) {
        return R"({"inline_keyboard":[[{"text":"Yes","callback_data":")" + data + R"("}]]})";
    };
    const auto message = result(
        "sendmessage",
        {{"chat_id", "1001"}, {"text", "a"}, {"reply_markup", keyboard(std::string(64, 'x'))}});
    EXPECT_EQ(message.at("reply_markup").at("inline_keyboard").at(0).at(0).at("text").as_string(),
              "Yes");
    const auto refused = [&](const std::string& markup) {
        return error("sendmessage", {{"chat_id", "1001"}, {"text", "a"}, {"reply_markup", markup}});
    };
    EXPECT_EQ(refused(keyboard(std::string(65, 'x'))), "Bad Request: BUTTON_DATA_INVALID");
    // 33 letters of two bytes each: bytes count, not letters.
    EXPECT_EQ(refused(keyboard(repeated("я", 33))), "Bad Request: BUTTON_DATA_INVALID");
    EXPECT_EQ(refused(keyboard("")),
              "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the "
              "inline keyboard");
    EXPECT_EQ(refused(R"({"keyboard":[["a"]]})"),
              "Bad Request: the sandbox supports inline keyboards only");
    EXPECT_EQ(refused("{"), "Bad Request: can't parse reply keyboard markup JSON object");
    EXPECT_EQ(refused("[]"), "Bad Request: object expected as reply markup");
    EXPECT_EQ(refused(R"({"inline_keyboard":[1]})"),
              "Bad Request: field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array "
              "of Arrays");
    EXPECT_EQ(
        refused(R"({"inline_keyboard":[[1]]})"),
        "Bad Request: can't parse inline keyboard button: InlineKeyboardButton must be an Object");
    EXPECT_EQ(
        refused(R"({"inline_keyboard":[[)" + repeated(R"({"text":"a","callback_data":"b"},)", 100) +
                R"({"text":"a","callback_data":"b"}]]})"),
        "Bad Request: reply markup is too long");
}

TEST_F(TextMethods, AnEditChangesTextAndTakesButtonsAway) {
    result("sendmessage",
           {{"chat_id", "1001"},
            {"text", "a"},
            {"reply_markup", R"({"inline_keyboard":[[{"text":"b","callback_data":"c"}]]})"}});
    now += std::chrono::seconds(5);
    const auto edited =
        result("editmessagetext", {{"chat_id", "1001"}, {"message_id", "1"}, {"text", "new"}});
    EXPECT_EQ(edited.at("text").as_string(), "new");
    EXPECT_EQ(edited.at("edit_date").as_int64(), 1'800'000'005);
    EXPECT_FALSE(edited.contains("reply_markup"));
    const auto bare =
        result("editmessagereplymarkup",
               {{"chat_id", "1001"},
                {"message_id", "1"},
                {"reply_markup", R"({"inline_keyboard":[[{"text":"b","callback_data":"c"}]]})"}});
    EXPECT_TRUE(bare.contains("reply_markup"));
    EXPECT_EQ(bare.at("text").as_string(), "new");
}

TEST_F(TextMethods, AnEditThatChangesNothingSaysSo) {
    result("sendmessage", {{"chat_id", "1001"}, {"text", "same"}});
    EXPECT_EQ(
        error("editmessagetext", {{"chat_id", "1001"}, {"message_id", "1"}, {"text", "same "}}),
        "Bad Request: message is not modified: specified new message content and reply markup are "
        "exactly "
        "the same as a current content and reply markup of the message");
    EXPECT_FALSE(state.chats.find(anna)->message(1)->edited.has_value());
}

TEST_F(TextMethods, OnlyTheBotsOwnTextsCanBeEdited) {
    say("mine");
    EXPECT_EQ(error("editmessagetext", {{"chat_id", "1001"}, {"message_id", "1"}, {"text", "a"}}),
              "Bad Request: message can't be edited");
    EXPECT_EQ(error("editmessagetext", {{"chat_id", "1001"}, {"message_id", "9"}, {"text", "a"}}),
              "Bad Request: message to edit not found");
    EXPECT_EQ(error("editmessagetext", {{"chat_id", "1001"}, {"text", "a"}}),
              "Bad Request: message to edit not found");
    EXPECT_EQ(error("editmessagetext", {{"chat_id", "1001"}, {"message_id", "1"}}),
              "Bad Request: message text is empty");
    const auto document = upload({{"chat_id", "1001"}}, "document", {"a.txt", "text/plain", "x"});
    result(call("senddocument", document));
    EXPECT_EQ(error("editmessagetext", {{"chat_id", "1001"}, {"message_id", "2"}, {"text", "a"}}),
              "Bad Request: there is no text in the message to edit");
}

TEST_F(TextMethods, DeletesWhatIsThereAndNotTooOld) {
    result("sendmessage", {{"chat_id", "1001"}, {"text", "a"}});
    say("b");
    EXPECT_TRUE(
        result(call("deletemessage", {{"chat_id", "1001"}, {"message_id", "1"}})).as_bool());
    EXPECT_EQ(error("deletemessage", {{"chat_id", "1001"}, {"message_id", "1"}}),
              "Bad Request: message to delete not found");
    now += std::chrono::hours(48) + Duration(1);
    EXPECT_EQ(error("deletemessage", {{"chat_id", "1001"}, {"message_id", "2"}}),
              "Bad Request: message can't be deleted for everyone");
    EXPECT_EQ(state.chats.find(anna)->deleted.size(), 1U);
}

TEST_F(TextMethods, TheRecordKeepsWhatEditsAndDeletesTakeAway) {
    result("sendmessage", {{"chat_id", "1001"}, {"text", "first"}});
    result("editmessagetext", {{"chat_id", "1001"}, {"message_id", "1"}, {"text", "second"}});
    result(call("deletemessage", {{"chat_id", "1001"}, {"message_id", "1"}}));
    say("not the bot's");
    const auto& record = state.chats.find(anna)->record;
    ASSERT_EQ(record.size(), 3U);
    EXPECT_EQ(record[0].text, "first");
    EXPECT_EQ(record[1].method, "editMessageText");
    EXPECT_EQ(record[1].text, "second");
    EXPECT_EQ(record[2].method, "deleteMessage");
    EXPECT_LT(record[0].sequence, record[1].sequence);
}

TEST_F(TextMethods, AChatKeepsItsNewest2000Messages) {
    for (int i = 0; i < 2001; ++i) say("x");
    const auto* chat = state.chats.find(anna);
    EXPECT_EQ(chat->messages.size(), 2000U);
    EXPECT_EQ(chat->message(1), nullptr);
    EXPECT_NE(chat->message(2001), nullptr);
}

TEST_F(TextMethods, AForumHasTopicsAndOnlyThose) {
    const auto group = create_group(state, "Forum", {anna}, now);
    ASSERT_TRUE(group);
    const auto chat = std::to_string(*group);
    EXPECT_EQ(error("sendmessage", {{"chat_id", chat}, {"text", "a"}, {"message_thread_id", "77"}}),
              "Bad Request: message thread not found");
    TextFromUser asked;
    asked.chat = *group;
    asked.from = anna;
    asked.text = "/say hello";
    asked.topic = 77;
    const auto question = post_text(state, asked, now);
    ASSERT_TRUE(question);
    const auto answer =
        result("sendmessage", {{"chat_id", chat}, {"text", "a"}, {"message_thread_id", "77"}});
    EXPECT_EQ(answer.at("message_thread_id").as_int64(), 77);
    EXPECT_TRUE(answer.at("is_topic_message").as_bool());
    EXPECT_EQ(answer.at("chat").at("type").as_string(), "supergroup");
    EXPECT_FALSE(
        result("sendmessage", {{"chat_id", chat}, {"text", "a"}}).contains("message_thread_id"));
    EXPECT_EQ(result("sendmessage", {{"chat_id", chat},
                                     {"text", "a"},
                                     {"reply_to_message_id", std::to_string(question->id)}})
                  .at("message_thread_id")
                  .as_int64(),
              77);
    EXPECT_EQ(error("sendchataction",
                    {{"chat_id", chat}, {"action", "typing"}, {"message_thread_id", "78"}}),
              "Bad Request: message thread not found");
}

}  // namespace
}  // namespace mlbilling::sandbox
