#include "bot_fixture.hpp"
#include "sandbox/bot_json.hpp"
#include "sandbox/page_json.hpp"

namespace mlbilling::sandbox {
namespace {

namespace json = boost::json;

class UserActions : public BotFixture {
  protected:
    /// The updates that wait, as the bot sees them.
    json::array updates() {
        json::array out;
        for (const auto& update : state.updates.fetch(0, 100, now)) {
            out.push_back(json::parse(json::serialize(update_json(state, test_bot, *update))));
        }
        return out;
    }
    Result<Message> write(std::int64_t chat, const std::string& text,
                          std::optional<std::int64_t> reply_to = {}) {
        TextFromUser message;
        message.chat = chat;
        message.from = anna;
        message.text = text;
        message.reply_to = reply_to;
        return post_text(state, message, now);
    }
};

TEST_F(UserActions, ATextBecomesAMessageUpdate) {
    say("/start now");
    const auto update = updates().at(0);
    const auto& message = update.at("message");
    EXPECT_EQ(message.at("text").as_string(), "/start now");
    EXPECT_EQ(message.at("from").at("language_code").as_string(), "ru");
    EXPECT_EQ(message.at("entities").at(0).at("type").as_string(), "bot_command");
    EXPECT_EQ(message.at("entities").at(0).at("length").as_int64(), 6);
    EXPECT_EQ(message.at("chat").at("first_name").as_string(), "Anna");
}

TEST_F(UserActions, UpdateIdsStartSomewhereAndCountUp) {
    say("a");
    say("b");
    const auto list = updates();
    const auto first = list.at(0).at("update_id").as_int64();
    EXPECT_GE(first, 100'000'000);
    EXPECT_EQ(list.at(1).at("update_id").as_int64(), first + 1);
    test::SeededRandom other(2);
    State another(other);
    EXPECT_NE(another.updates.fetch(0, 1, now).size(), 1U);
    Update update;
    update.expires = now + std::chrono::hours(1);
    another.updates.add(update);
    EXPECT_NE(another.updates.fetch(0, 1, now).at(0)->id, first);
}

TEST_F(UserActions, EachKindOfFileHasItsOwnFields) {
    const auto send = [&](MessageKind kind) {
        FileFromUser file;
        file.chat = anna;
        file.from = anna;
        file.bytes = "bytes";
        file.description.kind = kind;
        file.description.name = "name.bin";
        file.description.mime = "audio/webm;codecs=opus";
        file.description.duration = 5;
        EXPECT_TRUE(post_file(state, std::move(file), now).ok());
        return updates().back().at("message").as_object();
    };
    const auto voice = send(MessageKind::voice).at("voice").as_object();
    EXPECT_EQ(voice.at("duration").as_int64(), 5);
    EXPECT_EQ(voice.at("mime_type").as_string(), "audio/webm;codecs=opus");
    EXPECT_FALSE(voice.contains("file_name"));
    EXPECT_FALSE(send(MessageKind::video_note).at("video_note").as_object().contains("mime_type"));
    EXPECT_EQ(send(MessageKind::video).at("video").at("file_name").as_string(), "name.bin");
    EXPECT_FALSE(send(MessageKind::document).at("document").as_object().contains("duration"));
    EXPECT_EQ(send(MessageKind::audio).at("audio").at("duration").as_int64(), 5);
}

TEST_F(UserActions, AnUpdateShowsTheMessageAsItWasThen) {
    const auto first = say("before");
    TextFromUser edit;
    edit.chat = anna;
    edit.from = anna;
    edit.text = "after";
    ASSERT_TRUE(edit_text(state, edit, first.id, now).ok());
    const auto list = updates();
    EXPECT_EQ(list.at(0).at("message").at("text").as_string(), "before");
    EXPECT_EQ(list.at(1).at("edited_message").at("text").as_string(), "after");
}

TEST_F(UserActions, AReplyCarriesTheMessageItAnswers) {
    result("sendmessage", {{"chat_id", "1001"}, {"text", "from the bot"}});
    ASSERT_TRUE(write(anna, "reply", 1).ok());
    const auto message = updates().at(0).at("message");
    EXPECT_EQ(message.at("reply_to_message").at("text").as_string(), "from the bot");
    EXPECT_TRUE(message.at("reply_to_message").at("from").at("is_bot").as_bool());
    EXPECT_FALSE(write(anna, "reply", 77).ok());
}

TEST_F(UserActions, AForwardedMessageSaysSo) {
    TextFromUser message;
    message.chat = anna;
    message.from = anna;
    message.text = "old news";
    message.forwarded = true;
    ASSERT_TRUE(post_text(state, message, now).ok());
    EXPECT_EQ(updates().at(0).at("message").at("forward_origin").at("type").as_string(),
              "hidden_user");
}

TEST_F(UserActions, BlockingAndLettingBackAreToldAndAStrangerIsRefused) {
    set_blocked(state, *state.people.find(anna), true, now);
    set_blocked(state, *state.people.find(anna), true, now);
    EXPECT_FALSE(write(anna, "hello").ok());
    set_blocked(state, *state.people.find(anna), false, now);
    const auto list = updates();
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list.at(0).at("my_chat_member").at("new_chat_member").at("status").as_string(),
              "kicked");
    EXPECT_EQ(list.at(1).at("my_chat_member").at("new_chat_member").at("status").as_string(),
              "member");
    TextFromUser stranger;
    stranger.chat = anna;
    stranger.from = boris;
    stranger.text = "hi";
    EXPECT_FALSE(post_text(state, stranger, now).ok());
    EXPECT_FALSE(write(555, "nobody is here").ok());
}

TEST_F(UserActions, AGroupLetsOnlyThroughWhatIsMeantForTheBot) {
    const auto group = create_group(state, "Friends", {anna, boris}, now);
    ASSERT_TRUE(group.ok());
    EXPECT_LT(*group, 0);
    EXPECT_EQ(updates().at(0).at("my_chat_member").at("chat").at("type").as_string(), "group");
    state.updates.clear();
    const auto chat_id = std::to_string(*group);
    result("sendmessage", {{"chat_id", chat_id}, {"text", "bot speaks"}});
    for (const auto* unheard :
         {"just talking", "/start@another_bot", "see @someone_else", "not a /command"}) {
        ASSERT_TRUE(write(*group, unheard).ok());
    }
    EXPECT_TRUE(updates().empty());
    ASSERT_TRUE(write(*group, "/start").ok());
    ASSERT_TRUE(write(*group, "/start@MLBilling_Sandbox_Bot").ok());
    ASSERT_TRUE(write(*group, "hey @mlbilling_sandbox_bot say this").ok());
    ASSERT_TRUE(write(*group, "thanks", 1).ok());
    EXPECT_EQ(updates().size(), 4U);
    EXPECT_EQ(updates().at(0).at("message").at("chat").at("title").as_string(), "Friends");
    EXPECT_EQ(error("deletemessage", {{"chat_id", chat_id}, {"message_id", "2"}}),
              "Bad Request: message can't be deleted");
}

TEST_F(UserActions, AGroupNeedsATitleAndKnownMembers) {
    EXPECT_FALSE(create_group(state, "", {anna}, now).ok());
    EXPECT_FALSE(create_group(state, "a", {}, now).ok());
    EXPECT_FALSE(create_group(state, "a", {77}, now).ok());
}

TEST_F(UserActions, APressNeedsAMessageOfTheBotAndFittingData) {
    say("mine");
    EXPECT_TRUE(press_button(state, anna, anna, 1, "x", now).has_value());
    EXPECT_TRUE(press_button(state, anna, anna, 9, "x", now).has_value());
    result("sendmessage", {{"chat_id", "1001"}, {"text", "a"}});
    EXPECT_TRUE(press_button(state, anna, boris, 2, "x", now).has_value());
    EXPECT_TRUE(press_button(state, anna, anna, 2, "", now).has_value());
    EXPECT_TRUE(press_button(state, anna, anna, 2, std::string(65, 'x'), now).has_value());
    EXPECT_FALSE(
        press_button(state, anna, anna, 2, "made up by a hostile client", now).has_value());
    const auto query = updates().back().at("callback_query");
    EXPECT_EQ(query.at("data").as_string(), "made up by a hostile client");
    EXPECT_EQ(query.at("message").at("message_id").as_int64(), 2);
}

TEST_F(UserActions, WhatUsersSendIsBounded) {
    EXPECT_FALSE(write(anna, "").ok());
    EXPECT_FALSE(write(anna, std::string(4097, 'x')).ok());
    EXPECT_FALSE(write(anna, "\xff").ok());
    EXPECT_TRUE(write(anna, std::string(4096, 'x')).ok());
    FileFromUser empty;
    empty.chat = anna;
    empty.from = anna;
    empty.description.kind = MessageKind::voice;
    EXPECT_FALSE(post_file(state, empty, now).ok());
}

TEST_F(UserActions, ThePageSeesWhatChangedAfterASequence) {
    say("one");
    result("sendmessage", {{"chat_id", "1001"}, {"text", "two"}});
    const auto* chat = state.chats.find(anna);
    const auto seen = chat->sequence;
    EXPECT_EQ(chat_view(*chat, 0, now).at("messages").as_array().size(), 2U);
    EXPECT_TRUE(chat_view(*chat, seen, now).at("messages").as_array().empty());
    result("editmessagetext", {{"chat_id", "1001"}, {"message_id", "2"}, {"text", "two!"}});
    result(call("deletemessage", {{"chat_id", "1001"}, {"message_id", "1"}}));
    result(call("sendchataction", {{"chat_id", "1001"}, {"action", "typing"}}));
    const auto view = chat_view(*chat, seen, now);
    ASSERT_EQ(view.at("messages").as_array().size(), 1U);
    EXPECT_TRUE(view.at("messages").at(0).at("edited").as_bool());
    ASSERT_EQ(view.at("deleted").as_array().size(), 1U);
    EXPECT_EQ(view.at("deleted").at(0).as_int64(), 1);
    EXPECT_EQ(view.at("action").at("action").as_string(), "typing");
    EXPECT_EQ(view.at("sequence").to_number<std::uint64_t>(), seen + 3);
    EXPECT_TRUE(chat_view(*chat, seen, now + std::chrono::seconds(5)).at("action").is_null());
}

}  // namespace
}  // namespace mlbilling::sandbox
