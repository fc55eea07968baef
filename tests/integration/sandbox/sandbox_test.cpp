#include "sandbox/sandbox.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <functional>
#include <stdexcept>

#include "base/unavailable.hpp"
#include "http_client.hpp"
#include "support/run.hpp"
#include "support/seeded_random.hpp"
#include "support/virtual_clock.hpp"

namespace mlbilling::test {
namespace {

namespace json = boost::json;
using std::chrono::seconds;
using testing::HasSubstr;

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

/// The sandbox behind a real socket, on virtual time.
class SandboxTest : public testing::Test {
  protected:
    void SetUp() override { start({}); }
    void TearDown() override { stop(); }

    void start(sandbox::Sandbox::Options options) {
        sandbox_.emplace(loop_.get_executor(), clock_, random_, std::move(options));
        sandbox_->start();
    }
    void stop() {
        if (!sandbox_) return;
        run(loop_, sandbox_->stop());
        sandbox_.reset();
        clock_.drain();
    }

    std::string text(const std::string& method, const std::string& target,
                     const std::string& body = "",
                     std::map<std::string, std::string> headers = {}) {
        if (!body.empty()) headers.emplace("Content-Type", "application/json");
        return request_text(sandbox_->port(), method, target, body, std::move(headers));
    }
    Reply ask(const std::string& method, const std::string& target, const std::string& body = "",
              std::map<std::string, std::string> headers = {}) {
        return run(loop_, exchange(&loop_, sandbox_->port(),
                                   text(method, target, body, std::move(headers))));
    }
    json::value control(const std::string& method, const std::string& route,
                        const std::string& body = "") {
        const auto reply = ask(method, "/sandbox/api/" + route, body);
        EXPECT_EQ(reply.status, 200) << route << ": " << reply.body;
        return reply.status == 200 ? json::parse(reply.body) : json::value();
    }
    Reply bot(const std::string& method, const std::string& body = "{}") {
        return ask("POST", "/bot42:secret/" + method, body);
    }
    json::value result(const Reply& reply) {
        EXPECT_EQ(reply.status, 200) << reply.body;
        return reply.status == 200 ? json::parse(reply.body).at("result") : json::value();
    }
    static std::string description(const Reply& reply) {
        return std::string(json::parse(reply.body).at("description").as_string());
    }
    static std::string control_error(const Reply& reply) {
        return std::string(json::parse(reply.body).at("error").as_string());
    }

    std::unique_ptr<Pending<Reply>> begin(const std::string& method, const std::string& target) {
        auto pending = std::make_unique<Pending<Reply>>(
            loop_, exchange(&loop_, sandbox_->port(), text(method, target)));
        // Requests are taken in turn: when this one is answered, the one before it is being worked
        // on.
        for (int turn = 0; turn < 2; ++turn) control("GET", "users");
        return pending;
    }
    Reply finish(Pending<Reply>& pending) {
        while (!pending.done()) {
            loop_.restart();
            if (loop_.run_one_for(seconds(20)) == 0) {
                ADD_FAILURE() << "the call did not end";
                return {};
            }
        }
        return pending.value();
    }
    /// A form with one file.
    Reply upload(const std::string& method, const std::string& chat, const std::string& field,
                 const std::string& bytes, const std::string& caption = "") {
        const auto form = "--B\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n" + chat +
                          "\r\n--B\r\nContent-Disposition: form-data; name=\"caption\"\r\n\r\n" +
                          caption + "\r\n--B\r\nContent-Disposition: form-data; name=\"" + field +
                          "\"; filename=\"voice.ogg\"\r\nContent-Type: audio/ogg\r\n\r\n" + bytes +
                          "\r\n--B--\r\n";
        return ask("POST", "/bot42:secret/" + method, form,
                   {{"Content-Type", "multipart/form-data; boundary=B"}});
    }

    boost::asio::io_context loop_;
    VirtualClock clock_{loop_};
    SeededRandom random_{3};
    std::optional<sandbox::Sandbox> sandbox_;
};

TEST_F(SandboxTest, AConversationGoesBothWays) {
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

TEST_F(SandboxTest, AVoiceGoesFromTheUserToTheBotAndBack) {
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

TEST_F(SandboxTest, TokensMethodsAndPathsAreChecked) {
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

TEST_F(SandboxTest, ALongPollIsAnsweredWhenSomethingComesAndTheOlderOneGets409) {
    const auto older = begin("GET", "/bot42:secret/getUpdates?timeout=50");
    const auto newer = begin("GET", "/bot42:secret/getUpdates?timeout=50&offset=1");
    const auto conflict = finish(*older);
    EXPECT_EQ(conflict.status, 409);
    EXPECT_THAT(description(conflict), HasSubstr("terminated by other getUpdates request"));
    EXPECT_FALSE(newer->done());
    control("POST", "chats/1001/messages", R"({"from":1001,"text":"a"})");
    EXPECT_EQ(result(finish(*newer)).as_array().size(), 1U);
}

TEST_F(SandboxTest, ALongPollEndsAfter50SecondsOfTheSandboxesClock) {
    const auto poll = begin("GET", "/bot42:secret/getUpdates?timeout=900");
    clock_.advance(seconds(50) - Duration(1));
    EXPECT_FALSE(poll->done());
    clock_.advance(Duration(1));
    EXPECT_TRUE(result(finish(*poll)).as_array().empty());
}

TEST_F(SandboxTest, APollWhoseClientWentAwayDoesNotDisturbTheNext) {
    HttpClient client(loop_, sandbox_->port());
    run(loop_, client.connect());
    run(loop_, client.send(text("GET", "/bot42:secret/getUpdates?timeout=50")));
    for (int turn = 0; turn < 2; ++turn) control("GET", "users");
    client.close();
    for (int turn = 0; turn < 2; ++turn) control("GET", "users");
    const auto next = begin("GET", "/bot42:secret/getUpdates?timeout=50&offset=1");
    control("POST", "chats/1001/messages", R"({"from":1001,"text":"a"})");
    EXPECT_EQ(result(finish(*next)).as_array().size(), 1U);
}

TEST_F(SandboxTest, ThePageWaitsForItsChatOnly) {
    const auto page = begin("GET", "/sandbox/api/chats/1001/messages?after=0&timeout=25");
    bot("sendMessage", R"({"chat_id":1002,"text":"for Boris"})");
    EXPECT_FALSE(page->done());
    bot("sendChatAction", R"({"chat_id":1001,"action":"record_voice"})");
    const auto view = json::parse(finish(*page).body);
    EXPECT_EQ(view.at("action").at("action").as_string(), "record_voice");
    EXPECT_EQ(view.at("action").at("until").as_int64(),
              clock_.now().time_since_epoch().count() + 5000);
    const auto sequence = std::to_string(view.at("sequence").as_int64());
    const auto quiet =
        begin("GET", "/sandbox/api/chats/1001/messages?timeout=99&after=" + sequence);
    clock_.advance(seconds(25));
    EXPECT_TRUE(json::parse(finish(*quiet).body).at("action").is_null());
    // Whoever remembers an earlier sandbox is shown everything.
    EXPECT_EQ(control("GET", "chats/1001/messages?after=999").at("sequence").as_int64(), 1);
}

TEST_F(SandboxTest, ARepeatedUpdateKeepsItsId) {
    EXPECT_EQ(ask("POST", "/sandbox/api/repeat", R"({"chat_id":1001})").status, 404);
    control("POST", "chats/1001/messages", R"({"from":1001,"text":"a"})");
    const auto id = result(bot("getUpdates")).at(0).at("update_id").as_int64();
    const auto confirm = R"({"offset":)" + std::to_string(id + 1) + "}";
    EXPECT_TRUE(result(bot("getUpdates", confirm)).as_array().empty());
    control("POST", "repeat", R"({"chat_id":1001})");
    clock_.advance(seconds(3));
    EXPECT_EQ(result(bot("getUpdates", confirm)).at(0).at("update_id").as_int64(), id);
}

TEST_F(SandboxTest, FaultsThatRefuseHaveNoEffect) {
    const auto fault = [&](const std::string& rest) {
        control("POST", "faults", "{\"method\":\"sendMessage\"," + rest + "}");
    };
    const std::string message = R"({"chat_id":1001,"text":"a"})";
    fault(R"("kind":"429","retry_after":7)");
    const auto limited = bot("sendMessage", message);
    EXPECT_EQ(limited.status, 429);
    EXPECT_EQ(limited.headers.at("retry-after"), "7");
    EXPECT_EQ(description(limited), "Too Many Requests: retry after 7");
    EXPECT_EQ(json::parse(limited.body).at("parameters").at("retry_after").as_int64(), 7);
    fault(R"("kind":"403")");
    EXPECT_EQ(description(bot("sendMessage", message)), "Forbidden: bot was blocked by the user");
    fault(R"("kind":"400","description":"Bad Request: whatever")");
    EXPECT_EQ(description(bot("sendMessage", message)), "Bad Request: whatever");
    fault(R"("kind":"500")");
    EXPECT_EQ(bot("sendMessage", message).status, 500);
    fault(R"("kind":"502html")");
    const auto page = bot("sendMessage", message);
    EXPECT_EQ(page.status, 502);
    EXPECT_THAT(page.body, HasSubstr("<html>"));
    fault(R"("kind":"drop_before")");
    EXPECT_EQ(bot("sendMessage", message).status, 0);
    EXPECT_TRUE(control("GET", "record?chat_id=1001").as_array().empty());
    EXPECT_TRUE(control("GET", "faults").as_array().empty());
    EXPECT_EQ(bot("sendMessage", message).status, 200);
}

TEST_F(SandboxTest, FaultsAfterTheEffectLeaveTheMessageInTheChat) {
    const std::string message = R"({"chat_id":1001,"text":"a long enough text to be cut in two"})";
    control("POST", "faults", R"({"method":"*","kind":"drop_after","count":1})");
    EXPECT_EQ(bot("sendMessage", message).status, 0);
    EXPECT_EQ(control("GET", "record?chat_id=1001").as_array().size(), 1U);
    control("POST", "faults", R"({"method":"sendMessage","kind":"truncate"})");
    const auto half = bot("sendMessage", message);
    EXPECT_EQ(half.status, 200);
    EXPECT_FALSE(half.complete);
    EXPECT_EQ(control("GET", "record?chat_id=1001").as_array().size(), 2U);
}

TEST_F(SandboxTest, ATimeoutHasNoEffectAndAStallHasItsEffectFirst) {
    control("POST", "faults", R"({"method":"sendMessage","kind":"timeout","delay_ms":60000})");
    const auto silent = begin("GET", "/bot42:secret/sendMessage?chat_id=1001&text=a");
    clock_.advance(seconds(60));
    EXPECT_EQ(finish(*silent).status, 0);
    EXPECT_TRUE(control("GET", "record?chat_id=1001").as_array().empty());
    control("POST", "faults", R"({"method":"sendMessage","kind":"stall","delay_ms":4000})");
    const auto slow = begin("GET", "/bot42:secret/sendMessage?chat_id=1001&text=a");
    EXPECT_EQ(control("GET", "record?chat_id=1001").as_array().size(), 1U);
    EXPECT_FALSE(slow->done());
    clock_.advance(seconds(4));
    EXPECT_EQ(finish(*slow).status, 200);
}

TEST_F(SandboxTest, ADownloadCanFailToo) {
    ask("POST", "/sandbox/api/chats/1001/files?from=1001&kind=voice", "0123456789");
    control("POST", "faults", R"({"method":"download","kind":"truncate"})");
    EXPECT_EQ(bot("getMe").status, 200);
    const auto half = ask("GET", "/file/bot42:secret/voice/file_0.oga");
    EXPECT_EQ(half.body, "01234");
    EXPECT_FALSE(half.complete);
    EXPECT_TRUE(ask("GET", "/file/bot42:secret/voice/file_0.oga").complete);
    control("POST", "faults", R"({"method":"download","kind":"500","count":3})");
    EXPECT_EQ(ask("GET", "/file/bot42:secret/voice/file_0.oga").status, 500);
    control("DELETE", "faults");
    EXPECT_EQ(ask("GET", "/file/bot42:secret/voice/file_0.oga").status, 200);
}

TEST_F(SandboxTest, UploadsAbove50MegabytesAreRefused) {
    EXPECT_EQ(upload("sendDocument", "1001", "document", std::string(50U << 20U, 'x')).status, 200);
    const auto large =
        upload("sendDocument", "1001", "document", std::string((50U << 20U) + 1, 'x'));
    EXPECT_EQ(large.status, 413);
    EXPECT_EQ(description(large), "Request Entity Too Large");
    EXPECT_EQ(upload("sendDocument", "1001", "document", std::string(52U << 20U, 'x')).status, 413);
}

TEST_F(SandboxTest, UsersAndGroupsAreMadeAndChanged) {
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

TEST_F(SandboxTest, TheCommandsOfTheBotCanBeSeen) {
    bot("setMyCommands",
        R"({"commands":[{"command":"start","description":"Начать"}],"language_code":"ru"})");
    const auto lists = control("GET", "commands");
    EXPECT_EQ(lists.at("ru").at(0).at("command").as_string(), "start");
    EXPECT_FALSE(lists.as_object().contains(""));
}

TEST_F(SandboxTest, TheChatPageIsCompiledIn) {
    const auto page = ask("GET", "/");
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.headers.at("content-type"), "text/html; charset=utf-8");
    EXPECT_THAT(page.headers.at("content-security-policy"), HasSubstr("default-src 'none'"));
    EXPECT_THAT(page.body, HasSubstr("<!doctype html>"));
    EXPECT_EQ(ask("GET", "/chat.js").headers.at("content-type"), "text/javascript; charset=utf-8");
}

TEST_F(SandboxTest, OtherSitesMayNotUseTheControlApi) {
    const std::string users = "/sandbox/api/users";
    EXPECT_EQ(ask("GET", users, "", {{"Host", "evil.example"}}).status, 403);
    EXPECT_EQ(ask("GET", "/", "", {{"Host", "evil.example"}}).status, 403);
    EXPECT_EQ(ask("POST", users, "{}", {{"Origin", "http://evil.example"}}).status, 403);
    EXPECT_EQ(ask("POST", "/bot42:secret/getMe", "{}", {{"Origin", "http://evil.example"}}).status,
              403);
    EXPECT_EQ(ask("GET", users, "", {{"Sec-Fetch-Site", "cross-site"}}).status, 403);
    const auto own = "http://127.0.0.1:" + std::to_string(sandbox_->port());
    EXPECT_EQ(ask("GET", users, "", {{"Origin", own}}).status, 200);
}

TEST_F(SandboxTest, UnknownRoutesAndBrokenRequestsGetOneClearError) {
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

TEST_F(SandboxTest, ABackstageIsPassedThroughAndMayBeAbsent) {
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

TEST_F(SandboxTest, AnAddressInUseIsNamed) {
    sandbox::Sandbox::Options options;
    options.port = sandbox_->port();
    sandbox::Sandbox second(loop_.get_executor(), clock_, random_, options);
    try {
        second.start();
        FAIL() << "two sandboxes on one port";
    } catch (const Unavailable& e) {
        EXPECT_THAT(e.what(), HasSubstr("127.0.0.1:" + std::to_string(options.port)));
    }
}

TEST_F(SandboxTest, StoppingEndsThePollsThatWait) {
    const auto poll = begin("GET", "/bot42:secret/getUpdates?timeout=50");
    const auto page = begin("GET", "/sandbox/api/chats/1001/messages?timeout=25");
    run(loop_, sandbox_->stop());
    EXPECT_EQ(description(finish(*poll)), "Internal Server Error: restart");
    EXPECT_EQ(finish(*page).status, 200);
}

}  // namespace
}  // namespace mlbilling::test
