#include "sandbox_fixture.hpp"

#include <stdexcept>

#include "base/unavailable.hpp"

namespace mlbilling::test {
namespace {

using SandboxControlApi = SandboxFixture;

/// The service behind the bot, as far as the page is concerned.
class ScriptedBackstage final : public sandbox::Backstage {
  public:
    Async<std::string> story(std::int64_t telegram_id) override {
        if (telegram_id == 13) throw Unavailable("the database is down");
        co_return R"({"user":)" + std::to_string(telegram_id) + "}";
    }
    Async<std::string> act(std::string action, std::string argument) override {
        if (action != "provider") throw std::invalid_argument("unknown action: " + action);
        co_return R"({"provider":")" + argument + R"("})";
    }
};

TEST_F(SandboxControlApi, ThePageWaitsForItsChatOnly) {
    const auto page = begin("GET", "/sandbox/api/chats/1001/messages?after=0&timeout=25");
    bot("sendMessage", R"({"chat_id":1002,"text":"for Boris"})");
    EXPECT_FALSE(page->done());
    bot("sendChatAction", R"({"chat_id":1001,"action":"record_voice"})");
    const auto view = json::parse(finish(*page).body);
    EXPECT_EQ(view.at("action").at("action").as_string(), "record_voice");
    EXPECT_EQ(view.at("action").at("until").as_int64(),
              clock.now().time_since_epoch().count() + 5000);
    const auto sequence = std::to_string(view.at("sequence").as_int64());
    const auto quiet =
        begin("GET", "/sandbox/api/chats/1001/messages?timeout=99&after=" + sequence);
    clock.advance(seconds(25));
    EXPECT_TRUE(json::parse(finish(*quiet).body).at("action").is_null());
    // Whoever remembers an earlier sandbox is shown everything.
    bot("sendMessage", R"({"chat_id":1001,"text":"for Anna"})");
    const auto anew = control("GET", "chats/1001/messages?after=999");
    EXPECT_EQ(anew.at("sequence").as_int64(), 2);
    EXPECT_EQ(anew.at("messages").as_array().size(), 1U);
}

TEST_F(SandboxControlApi, ARepeatedUpdateKeepsItsId) {
    EXPECT_EQ(ask("POST", "/sandbox/api/repeat", R"({"chat_id":1001})").status, 404);
    control("POST", "chats/1001/messages", R"({"from":1001,"text":"a"})");
    const auto id = result(bot("getUpdates")).at(0).at("update_id").as_int64();
    const auto confirm = R"({"offset":)" + std::to_string(id + 1) + "}";
    EXPECT_TRUE(result(bot("getUpdates", confirm)).as_array().empty());
    control("POST", "repeat", R"({"chat_id":1001})");
    clock.advance(seconds(3));
    EXPECT_EQ(result(bot("getUpdates", confirm)).at(0).at("update_id").as_int64(), id);
}

TEST_F(SandboxControlApi, UsersAndGroupsAreMadeAndChanged) {
    const auto users = control("GET", "users").as_array();
    ASSERT_EQ(users.size(), 3U);
    EXPECT_EQ(users.at(1).at("first_name").as_string(), "Boris");
    EXPECT_EQ(users.at(1).at("language_code").as_string(), "en");
    EXPECT_EQ(users.at(1).at("chat_id").as_int64(), 1002);
    const auto dora = control("POST", "users", R"({"first_name":"Dora","language_code":"de"})");
    EXPECT_EQ(dora.at("id").as_int64(), 1004);
    EXPECT_EQ(ask("POST", "/sandbox/api/users", R"({"first_name":"Dora","id":1004})").status, 400);
    EXPECT_EQ(ask("POST", "/sandbox/api/users", "{}").status, 400);
    EXPECT_EQ(ask("POST", "/sandbox/api/users", "[").status, 400);
    control("POST", "users/1004", R"({"blocked":true,"forbids_voice":true})");
    EXPECT_EQ(bot("sendMessage", R"({"chat_id":1004,"text":"a"})").status, 403);
    control("POST", "users/1004", R"({"blocked":false})");
    EXPECT_EQ(description(upload("sendVoice", "1004", "voice", "Ogg")),
              "Bad Request: VOICE_MESSAGES_FORBIDDEN");
    EXPECT_EQ(ask("POST", "/sandbox/api/users/5", "{}").status, 404);
    const auto group = control("POST", "groups", R"({"title":"Us","members":[1001,1002]})")
                           .at("chat_id")
                           .as_int64();
    EXPECT_LT(group, 0);
    const auto route = "chats/" + std::to_string(group) + "/messages";
    EXPECT_EQ(control("POST", route, R"({"from":1002,"text":"/start"})").at("from_id").as_int64(),
              1002);
    EXPECT_EQ(ask("POST", "/sandbox/api/groups", R"({"title":"Us","members":["x"]})").status, 400);
}

TEST_F(SandboxControlApi, TheCommandsOfTheBotCanBeSeen) {
    bot("setMyCommands",
        R"({"commands":[{"command":"start","description":"Начать"}],"language_code":"ru"})");
    const auto lists = control("GET", "commands");
    EXPECT_EQ(lists.at("ru").at(0).at("command").as_string(), "start");
    EXPECT_FALSE(lists.as_object().contains(""));
}

TEST_F(SandboxControlApi, TheChatPageIsCompiledIn) {
    const auto page = ask("GET", "/");
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.headers.at("content-type"), "text/html; charset=utf-8");
    EXPECT_THAT(page.headers.at("content-security-policy"), HasSubstr("default-src 'none'"));
    EXPECT_THAT(page.body, HasSubstr("<!doctype html>"));
    EXPECT_EQ(ask("GET", "/chat.js").headers.at("content-type"), "text/javascript; charset=utf-8");
}

TEST_F(SandboxControlApi, OtherSitesMayNotUseTheControlApi) {
    const std::string users = "/sandbox/api/users";
    EXPECT_EQ(ask("GET", users, "", {{"Host", "evil.example"}}).status, 403);
    EXPECT_EQ(ask("GET", "/", "", {{"Host", "evil.example"}}).status, 403);
    for (const char* path : {"/bot42:secret/getUpdates", "/bot42:secret/setWebhook?url=http://a/",
                             "/file/bot42:secret/x", "/anything"})
        EXPECT_EQ(ask("GET", path, "", {{"Host", "evil.example"}}).status, 403) << path;
    for (const char* path : {"/bot42:secret/getMe", "/sandbox/api/users", "/"}) {
        EXPECT_EQ(ask("GET", path, "", {{"Sec-Fetch-Site", "same-site"}}).status, 403) << path;
        EXPECT_EQ(ask("GET", path, "", {{"Sec-Fetch-Site", "same-origin"}}).status, 200) << path;
    }
    EXPECT_EQ(ask("POST", users, "{}", {{"Origin", "http://evil.example"}}).status, 403);
    EXPECT_EQ(ask("POST", "/bot42:secret/getMe", "{}", {{"Origin", "http://evil.example"}}).status,
              403);
    EXPECT_EQ(ask("GET", users, "", {{"Sec-Fetch-Site", "cross-site"}}).status, 403);
    const auto own = "http://127.0.0.1:" + std::to_string(server->port());
    EXPECT_EQ(ask("GET", users, "", {{"Origin", own}}).status, 200);
}

TEST_F(SandboxControlApi, UnknownRoutesAndBrokenRequestsGetOneClearError) {
    EXPECT_EQ(ask("GET", "/sandbox/api/nothing").status, 404);
    EXPECT_EQ(ask("PUT", "/sandbox/api/users").status, 404);
    EXPECT_EQ(control_error(ask("GET", "/sandbox/api/chats/7/messages")), "there is no such chat");
    EXPECT_EQ(control_error(ask("GET", "/sandbox/api/record")), "there is no such chat");
    EXPECT_EQ(ask("GET", "/sandbox/api/files/unknown").status, 404);
    EXPECT_EQ(ask("POST", "/sandbox/api/faults", R"({"method":"*","kind":"lightning"})").status,
              400);
    EXPECT_EQ(
        ask("POST", "/sandbox/api/faults", R"({"method":"*","kind":"500","count":-1})").status,
        400);
    EXPECT_EQ(ask("POST", "/sandbox/api/chats/1001/files?from=1001&kind=hologram", "x").status,
              400);
    EXPECT_EQ(ask("POST", "/sandbox/api/chats/1001/messages", std::string(1'100'000, ' ')).status,
              400);
    EXPECT_EQ(ask("GET", "/no-such-file.js").status, 404);
}

TEST_F(SandboxControlApi, ABackstageIsPassedThroughAndMayBeAbsent) {
    EXPECT_EQ(ask("GET", "/sandbox/api/backstage/story?user=1001").status, 501);
    stop();
    ScriptedBackstage backstage;
    sandbox::Sandbox::Options options;
    options.backstage = &backstage;
    start(options);
    EXPECT_EQ(control("GET", "backstage/story?user=1001").at("user").as_int64(), 1001);
    EXPECT_EQ(control("POST", "backstage/act", R"({"action":"provider","argument":"hang"})")
                  .at("provider")
                  .as_string(),
              "hang");
    EXPECT_EQ(ask("POST", "/sandbox/api/backstage/act", R"({"action":"explode"})").status, 400);
    EXPECT_EQ(ask("GET", "/sandbox/api/backstage/story").status, 400);
    const auto down = ask("GET", "/sandbox/api/backstage/story?user=13");
    EXPECT_EQ(down.status, 503);
    EXPECT_EQ(control_error(down), "the database is down");
    stop();
}

TEST_F(SandboxControlApi, AnAddressInUseIsNamed) {
    sandbox::Sandbox::Options options;
    options.port = server->port();
    sandbox::Sandbox second(loop.get_executor(), clock, random, options);
    try {
        second.start();
        FAIL() << "two sandboxes on one port";
    } catch (const Unavailable& e) {
        EXPECT_THAT(e.what(), HasSubstr("127.0.0.1:" + std::to_string(options.port)));
    }
}

TEST_F(SandboxControlApi, StoppingEndsThePollsThatWait) {
    const auto poll = begin("GET", "/bot42:secret/getUpdates?timeout=50");
    const auto page = begin("GET", "/sandbox/api/chats/1001/messages?timeout=25");
    run(loop, server->stop());
    EXPECT_EQ(description(finish(*poll)), "Internal Server Error: restart");
    EXPECT_EQ(finish(*page).status, 200);
}

}  // namespace
}  // namespace mlbilling::test
