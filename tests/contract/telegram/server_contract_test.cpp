#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <string>

#include "adapters/http_client/http_client.hpp"
#include "adapters/system_clock/system_clock.hpp"
#include "adapters/system_clock/system_random.hpp"
#include "adapters/telegram/bot_token.hpp"
#include "adapters/telegram/telegram_api.hpp"
#include "contract/telegram/recording_metrics.hpp"
#include "sandbox/sandbox.hpp"
#include "support/run.hpp"

// What the client expects of any Bot API server: the real one, a local one or the sandbox. Runs
// against a sandbox of its own unless MLBILLING_TELEGRAM_CONTRACT is set to "base-url token
// chat-id", where the chat is a private one whose user has started the bot.
namespace mlbilling::telegram {
namespace {

class TelegramServerContract : public ::testing::Test {
  protected:
    TelegramServerContract() {
        if (const char* target = std::getenv("MLBILLING_TELEGRAM_CONTRACT")) {
            std::int64_t chat_id = 0;
            std::istringstream(target) >> base >> token >> chat_id;
            chat = ChatId(chat_id);
        } else {
            sandbox.emplace(loop.get_executor(), clock, random, sandbox::Sandbox::Options());
            sandbox->start();
            base = "http://127.0.0.1:" + std::to_string(sandbox->port());
        }
        api = connect(token);
        if (sandbox) speak_as_anna("messages", R"({"from":1001,"text":"/start"})");
    }
    ~TelegramServerContract() override {
        if (sandbox) test::run(loop, sandbox->stop());
    }

    /// Acts as the sandbox's first user in her chat.
    void speak_as_anna(const std::string& what, std::string body) {
        control("chats/1001/" + what, std::move(body));
    }
    void control(const std::string& route, std::string body) {
        HttpCall call;
        call.method = HttpMethod::post;
        call.url = base + "/sandbox/api/" + route;
        call.headers = {{"Content-Type", "application/json"}};
        call.body = std::move(body);
        const auto answer = test::run(loop, user.perform(call));
        ASSERT_TRUE(answer.ok());
        ASSERT_EQ(answer->status, 200) << answer->body;
    }
    /// Every update that waits, confirmed.
    std::vector<Update> updates() {
        auto waiting = done(api->get_updates(0, Duration(0)));
        if (!waiting.empty()) done(api->get_updates(waiting.back().id.value() + 1, Duration(0)));
        return waiting;
    }

    std::unique_ptr<TelegramApi> connect(const std::string& own_token) {
        TelegramOptions options;
        options.token = own_token;
        options.api_base = base;
        return std::make_unique<TelegramApi>(loop.get_executor(), clock, metrics, options);
    }
    template <class T>
    T done(Async<Outcome<T>> work) {
        auto outcome = test::run(loop, std::move(work));
        if (outcome.ok()) return std::move(*outcome);
        ADD_FAILURE() << outcome.error().description;
        return T();
    }
    template <class T>
    std::optional<Failure> failure_of(Async<Outcome<T>> work) {
        const auto outcome = test::run(loop, std::move(work));
        return outcome.ok() ? std::nullopt : std::optional(outcome.error().failure);
    }
    OutgoingText text(std::string words) const {
        OutgoingText message;
        message.chat = chat;
        message.text = std::move(words);
        return message;
    }
    OutgoingFile document(std::string bytes) const {
        OutgoingFile file;
        file.chat = chat;
        file.content = std::make_unique<HeldBytes>(std::move(bytes));
        file.file_name = "contract.txt";
        file.mime_type = "text/plain";
        return file;
    }

    boost::asio::io_context loop{1};
    SystemClock clock{loop.get_executor()};
    SystemRandom random;
    test::RecordingMetrics metrics;
    std::string base;
    std::string token = "777:AAE-token_of_the_contract_test_0123456";
    ChatId chat{1001};
    std::optional<sandbox::Sandbox> sandbox;
    HttpClient user{loop.get_executor(), HttpOptions()};
    std::unique_ptr<TelegramApi> api;
};

TEST_F(TelegramServerContract, KnowsTheBotByItsToken) {
    const auto identity = done(api->get_me());
    EXPECT_EQ(identity.id, *bot_id_of(token));
    EXPECT_NE(identity.username, "");
    // The sandbox takes any token.
    if (!sandbox)
        EXPECT_EQ(failure_of(connect("1:wrong-token-of-nobody")->get_me()), Failure::unauthorized);
}

TEST_F(TelegramServerContract, AMessageIsSentEditedAndDeleted) {
    auto message = text("Contract: одно сообщение");
    message.keyboard = {{{"Button", "contract"}}};
    const auto sent = done(api->send_message(message));
    done(api->edit_message_text(chat, sent.id, "edited", {}));
    EXPECT_EQ(failure_of(api->edit_message_text(chat, sent.id, "edited", {})),
              Failure::not_modified);
    auto reply = text("a reply");
    reply.reply_to = sent.id;
    done(api->send_message(reply));
    done(api->delete_message(chat, sent.id));
    EXPECT_EQ(failure_of(api->delete_message(chat, sent.id)), Failure::message_gone);
    EXPECT_EQ(failure_of(api->edit_message_text(chat, sent.id, "late", {})), Failure::message_gone);
    done(api->send_message(reply));  // what it answers is gone, and it is sent all the same
}

TEST_F(TelegramServerContract, AFileComesBackAsItWasSent) {
    const std::string bytes = "line one\r\n--boundary\r\n" + std::string(200'000, 'x');
    const auto sent = done(api->send_document(document(bytes)));
    ASSERT_NE(sent.file_id, "");
    EXPECT_EQ(done(api->download(sent.file_id, 1'000'000)), bytes);
    EXPECT_EQ(failure_of(api->download(sent.file_id, 1'000)), Failure::too_large);
    OutgoingFile again;
    again.chat = chat;
    again.file_id = sent.file_id;
    EXPECT_NE(done(api->send_document(std::move(again))).file_id, "");
    EXPECT_EQ(failure_of(api->download("no-such-file", 1'000)), Failure::file_unavailable);
}

TEST_F(TelegramServerContract, RefusalsAreTold) {
    auto nobody = text("x");
    nobody.chat = ChatId(1);
    EXPECT_EQ(failure_of(api->send_message(nobody)), Failure::chat_not_found);
    EXPECT_EQ(failure_of(api->send_message(text(std::string(4097, 'x')))), Failure::too_large);
    EXPECT_EQ(failure_of(api->send_message(text(""))), Failure::bad_request);
    auto captioned = document("x");
    captioned.caption = std::string(1025, 'x');
    EXPECT_EQ(failure_of(api->send_document(std::move(captioned))), Failure::too_large);
    EXPECT_EQ(failure_of(api->answer_callback_query("1", "")), Failure::query_expired);
}

TEST_F(TelegramServerContract, ActionsAndCommandsAreTaken) {
    done(api->send_chat_action(chat, ChatAction::record_voice, std::nullopt));
    done(api->set_my_commands({{"start", "Begin"}}, "en"));
}

TEST_F(TelegramServerContract, TheOlderOfTwoPollsIsEnded) {
    updates();
    std::optional<Outcome<std::vector<Update>>> older;
    boost::asio::co_spawn(loop, test::keep(older, api->get_updates(0, Duration(20'000))),
                          [](std::exception_ptr error) { EXPECT_FALSE(error); });
    loop.run_for(Duration(500));
    ASSERT_FALSE(older) << "an update was waiting";
    const auto second = connect(token);
    EXPECT_NE(failure_of(second->get_updates(0, Duration(0))), Failure::unauthorized);
    while (!older) loop.run_one();
    ASSERT_FALSE(older->ok());
    EXPECT_EQ(older->error().failure, Failure::conflict);
}

class TelegramSandboxContract : public TelegramServerContract {
  protected:
    void SetUp() override {
        if (!sandbox) GTEST_SKIP() << "only the sandbox lets a test act as a user";
        updates();
    }
};

TEST_F(TelegramSandboxContract, WhatUsersDoArrives) {
    speak_as_anna("messages", R"({"from":1001,"text":"Привет, мир"})");
    speak_as_anna("files?from=1001&kind=voice&duration=5&mime=audio/ogg", "OggS bytes");
    const auto sent = done(api->send_message([this] {
        auto message = text("choose");
        message.keyboard = {{{"Yes", "yes:1"}}};
        return message;
    }()));
    speak_as_anna("press", R"({"from":1001,"data":"yes:1","message_id":)" +
                               std::to_string(sent.id.value()) + "}");
    const auto arrived = updates();
    ASSERT_EQ(arrived.size(), 3u);
    const auto& words = std::get<IncomingMessage>(arrived[0].content);
    EXPECT_EQ(words.text, "Привет, мир");
    EXPECT_EQ(words.chat.kind, ChatKind::private_chat);
    EXPECT_EQ(words.from->id, TelegramId(1001));
    EXPECT_EQ(words.from->language_code, "ru");
    const auto& voice = std::get<IncomingMessage>(arrived[1].content);
    ASSERT_TRUE(voice.media);
    EXPECT_EQ(voice.media->kind, MediaFile::Kind::voice);
    EXPECT_EQ(voice.media->duration, Duration(5'000));
    EXPECT_EQ(done(api->download(voice.media->file_id, 1'000)), "OggS bytes");
    const auto& query = std::get<CallbackQuery>(arrived[2].content);
    EXPECT_EQ(query.data, "yes:1");
    EXPECT_EQ(query.message, sent.id);
    done(api->answer_callback_query(query.id, "thanks"));
}

TEST_F(TelegramSandboxContract, FaultsAreTakenForWhatTheyAre) {
    const std::pair<const char*, Failure> faults[] = {
        {"403", Failure::forbidden},        {"500", Failure::ambiguous},
        {"502html", Failure::ambiguous},    {"drop_before", Failure::ambiguous},
        {"drop_after", Failure::ambiguous}, {"truncate", Failure::ambiguous}};
    for (const auto& [kind, failure] : faults) {
        control("faults", R"({"method":"sendMessage","kind":")" + std::string(kind) + "\"}");
        EXPECT_EQ(failure_of(api->send_message(text("x"))), failure) << kind;
        done(api->send_message(text("afterwards")));
    }
    control("faults", R"({"method":"sendMessage","kind":"429","retry_after":60})");
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(failure_of(api->send_message(text("x"))), Failure::too_many_requests);
}

TEST_F(TelegramSandboxContract, AUserWhoForbidsVoicesOrBlocksTheBotIsToldApart) {
    control("users/1001", R"({"forbids_voice":true})");
    EXPECT_EQ(failure_of(api->send_voice(document("OggS"))), Failure::voice_forbidden);
    control("users/1001", R"({"blocked":true})");
    EXPECT_EQ(failure_of(api->send_message(text("x"))), Failure::forbidden);
}

}  // namespace
}  // namespace mlbilling::telegram
