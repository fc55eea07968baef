#include "bot_fixture.hpp"

namespace mlbilling::sandbox {
namespace {

class ChatMethods : public BotFixture {
  protected:
    /// Sends a message with a button and presses it; the id of the query.
    std::string press_a_button() {
        result("sendmessage",
               {{"chat_id", "1001"},
                {"text", "choose"},
                {"reply_markup", R"({"inline_keyboard":[[{"text":"b","callback_data":"c"}]]})"}});
        const auto problem = press_button(state, anna, anna, 1, "c", now);
        EXPECT_FALSE(problem.has_value());
        const auto updates = state.updates.fetch(0, 100, now);
        return std::get<ButtonUpdate>(updates.back()->content).query_id;
    }
    const std::string too_old =
        "Bad Request: query is too old and response timeout expired or query ID is invalid";
};

TEST_F(ChatMethods, AnActionLastsFiveSecondsOrUntilAMessage) {
    result(call("sendchataction", {{"chat_id", "1001"}, {"action", "record_audio"}}));
    const auto& action = state.chats.find(anna)->action;
    ASSERT_TRUE(action.has_value());
    EXPECT_EQ(action->name, "record_voice");
    EXPECT_EQ(action->until, now + std::chrono::seconds(5));
    result("sendmessage", {{"chat_id", "1001"}, {"text", "done"}});
    EXPECT_FALSE(action.has_value());
}

TEST_F(ChatMethods, AnUnknownActionIsRefused) {
    EXPECT_EQ(error("sendchataction", {{"chat_id", "1001"}, {"action", "dance"}}),
              "Bad Request: wrong parameter action in request");
    EXPECT_EQ(error("sendchataction", {{"chat_id", "5"}, {"action", "typing"}}),
              "Bad Request: chat not found");
    state.people.find(anna)->blocked = true;
    EXPECT_EQ(call("sendchataction", {{"chat_id", "1001"}, {"action", "typing"}}).status, 403);
}

TEST_F(ChatMethods, APressedButtonIsAnsweredOnce) {
    const auto id = press_a_button();
    EXPECT_TRUE(result(call("answercallbackquery", {{"callback_query_id", id}, {"text", "Thanks"}}))
                    .as_bool());
    ASSERT_EQ(state.chats.find(anna)->toasts.size(), 1U);
    EXPECT_EQ(state.chats.find(anna)->toasts[0].text, "Thanks");
    EXPECT_EQ(error("answercallbackquery", {{"callback_query_id", id}}), too_old);
}

TEST_F(ChatMethods, AnAnswerAfter150SecondsIsTooLate) {
    const auto id = press_a_button();
    now += std::chrono::seconds(150);
    EXPECT_EQ(error("answercallbackquery", {{"callback_query_id", id}}), too_old);
    EXPECT_EQ(error("answercallbackquery", {{"callback_query_id", "nonsense"}}), too_old);
    EXPECT_EQ(error("answercallbackquery", {}), too_old);
    EXPECT_EQ(
        error("answercallbackquery", {{"callback_query_id", id}, {"text", std::string(201, 'x')}}),
        "Bad Request: MESSAGE_TOO_LONG");
}

TEST_F(ChatMethods, CommandsAreKeptPerLanguage) {
    result(call("setmycommands", {{"commands", R"([{"command":"start","description":"Begin"}])"}}));
    result(call("setmycommands", {{"commands", R"([{"command":"/start","description":"Начать"}])"},
                                  {"language_code", "ru"}}));
    const auto russian = result(call("getmycommands", {{"language_code", "ru"}}));
    EXPECT_EQ(russian.at(0).at("command").as_string(), "start");
    EXPECT_EQ(russian.at(0).at("description").as_string(), "Начать");
    EXPECT_EQ(result(call("getmycommands", Values())).at(0).at("description").as_string(), "Begin");
    EXPECT_TRUE(result(call("getmycommands", {{"language_code", "en"}})).as_array().empty());
    result(call("deletemycommands", {{"language_code", "ru"}}));
    EXPECT_TRUE(result(call("getmycommands", {{"language_code", "ru"}})).as_array().empty());
}

TEST_F(ChatMethods, CommandsThatTelegramRefusesAreRefused) {
    const auto refused = [&](const std::string& name, const std::string& description) {
        return error("setmycommands",
                     {{"commands", R"([{"command":")" + name + R"(","description":")" +
                                       description + R"("}])"}});
    };
    EXPECT_EQ(refused("Start", "a"), "Bad Request: BOT_COMMAND_INVALID");
    EXPECT_EQ(refused("", "a"), "Bad Request: BOT_COMMAND_INVALID");
    EXPECT_EQ(refused(std::string(33, 'a'), "a"), "Bad Request: BOT_COMMAND_INVALID");
    EXPECT_EQ(refused("a", ""), "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID");
    EXPECT_EQ(refused("a", std::string(257, 'a')), "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID");
    EXPECT_EQ(error("setmycommands", {{"commands", "{"}}),
              "Bad Request: can't parse commands JSON object");
    EXPECT_EQ(error("setmycommands", {{"commands", "{}"}}),
              "Bad Request: expected an Array of BotCommand");
    EXPECT_EQ(error("setmycommands", {{"commands", "[]"}, {"language_code", "rus"}}),
              "Bad Request: invalid language code specified");
}

TEST_F(ChatMethods, SaysHonestlyWhenItCannotDeliverWebhooks) {
    EXPECT_EQ(error("setwebhook", {{"url", "https://example.org/"}}),
              "Bad Request: bad webhook: this sandbox does not deliver webhooks, use getUpdates");
    EXPECT_TRUE(result(call("setwebhook", {{"url", ""}})).as_bool());
    say("a");
    EXPECT_EQ(result("getwebhookinfo", {}).at("pending_update_count").as_int64(), 1);
    EXPECT_TRUE(result(call("deletewebhook", {{"drop_pending_updates", "true"}})).as_bool());
    const auto info = result("getwebhookinfo", {});
    EXPECT_EQ(info.at("pending_update_count").as_int64(), 0);
    EXPECT_EQ(info.at("url").as_string(), "");
}

TEST_F(ChatMethods, TheBotHasTheIdOfItsToken) {
    const auto me = result("getme", {});
    EXPECT_EQ(me.at("id").as_int64(), test_bot);
    EXPECT_EQ(me.at("username").as_string(), "mlbilling_sandbox_bot");
    EXPECT_FALSE(me.at("can_read_all_group_messages").as_bool());
}

}  // namespace
}  // namespace mlbilling::sandbox
