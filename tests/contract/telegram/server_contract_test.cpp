#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <string>

#include "adapters/system_clock/system_clock.hpp"
#include "adapters/telegram/bot_token.hpp"
#include "adapters/telegram/telegram_api.hpp"
#include "contract/telegram/recording_metrics.hpp"
#include "support/run.hpp"

// What the client expects of any Bot API server: the real one, a local one or the sandbox. Runs only when
// MLBILLING_TELEGRAM_CONTRACT is set to "base-url token chat-id", where the chat is a private one whose
// user has started the bot.
namespace mlbilling::telegram {
namespace {

class TelegramServerContract : public ::testing::Test {
  protected:
    void SetUp() override {
        const char* target = std::getenv("MLBILLING_TELEGRAM_CONTRACT");
        if (target == nullptr) GTEST_SKIP() << "MLBILLING_TELEGRAM_CONTRACT names no server";
        std::int64_t chat = 0;
        std::istringstream(target) >> base_ >> token_ >> chat;
        chat_ = ChatId(chat);
        api_ = connect(token_);
    }

    std::unique_ptr<TelegramApi> connect(const std::string& token) {
        TelegramOptions options;
        options.token = token;
        options.api_base = base_;
        return std::make_unique<TelegramApi>(loop_.get_executor(), clock_, metrics_, options);
    }
    template <class T>
    T done(Async<Outcome<T>> work) {
        auto outcome = test::run(loop_, std::move(work));
        if (outcome.ok()) return std::move(*outcome);
        ADD_FAILURE() << outcome.error().description;
        return T();
    }
    template <class T>
    std::optional<Failure> failure_of(Async<Outcome<T>> work) {
        const auto outcome = test::run(loop_, std::move(work));
        return outcome.ok() ? std::nullopt : std::optional(outcome.error().failure);
    }
    OutgoingText text(std::string words) const {
        OutgoingText message;
        message.chat = chat_;
        message.text = std::move(words);
        return message;
    }
    OutgoingFile document(std::string bytes) const {
        OutgoingFile file;
        file.chat = chat_;
        file.bytes = std::move(bytes);
        file.file_name = "contract.txt";
        file.mime_type = "text/plain";
        return file;
    }

    boost::asio::io_context loop_{1};
    SystemClock clock_{loop_.get_executor()};
    test::RecordingMetrics metrics_;
    std::string base_;
    std::string token_;
    ChatId chat_;
    std::unique_ptr<TelegramApi> api_;
};

TEST_F(TelegramServerContract, KnowsTheBotByItsToken) {
    const auto identity = done(api_->get_me());
    EXPECT_EQ(identity.id, *bot_id_of(token_));
    EXPECT_NE(identity.username, "");
    EXPECT_EQ(failure_of(connect("1:wrong-token-of-nobody")->get_me()), Failure::unauthorized);
}

TEST_F(TelegramServerContract, AMessageIsSentEditedAndDeleted) {
    auto message = text("Contract: одно сообщение");
    message.keyboard = {{{"Button", "contract"}}};
    const auto sent = done(api_->send_message(message));
    done(api_->edit_message_text(chat_, sent.id, "edited", {}));
    EXPECT_EQ(failure_of(api_->edit_message_text(chat_, sent.id, "edited", {})), Failure::not_modified);
    auto reply = text("a reply");
    reply.reply_to = sent.id;
    done(api_->send_message(reply));
    done(api_->delete_message(chat_, sent.id));
    EXPECT_EQ(failure_of(api_->delete_message(chat_, sent.id)), Failure::message_gone);
    EXPECT_EQ(failure_of(api_->edit_message_text(chat_, sent.id, "late", {})), Failure::message_gone);
    done(api_->send_message(reply));  // what it answers is gone, and it is sent all the same
}

TEST_F(TelegramServerContract, AFileComesBackAsItWasSent) {
    const std::string bytes = "line one\r\n--boundary\r\n" + std::string(200'000, 'x');
    const auto sent = done(api_->send_document(document(bytes)));
    ASSERT_NE(sent.file_id, "");
    EXPECT_EQ(done(api_->download(sent.file_id, 1'000'000)), bytes);
    EXPECT_EQ(failure_of(api_->download(sent.file_id, 1'000)), Failure::too_large);
    auto again = document("");
    again.file_id = sent.file_id;
    EXPECT_NE(done(api_->send_document(again)).file_id, "");
    EXPECT_EQ(failure_of(api_->download("no-such-file", 1'000)), Failure::file_unavailable);
}

TEST_F(TelegramServerContract, RefusalsAreTold) {
    auto nobody = text("x");
    nobody.chat = ChatId(1);
    EXPECT_EQ(failure_of(api_->send_message(nobody)), Failure::chat_not_found);
    EXPECT_EQ(failure_of(api_->send_message(text(std::string(4097, 'x')))), Failure::too_large);
    EXPECT_EQ(failure_of(api_->send_message(text(""))), Failure::bad_request);
    auto captioned = document("x");
    captioned.caption = std::string(1025, 'x');
    EXPECT_EQ(failure_of(api_->send_document(captioned)), Failure::too_large);
    EXPECT_EQ(failure_of(api_->answer_callback_query("1", "")), Failure::query_expired);
}

TEST_F(TelegramServerContract, ActionsAndCommandsAreTaken) {
    done(api_->send_chat_action(chat_, ChatAction::record_voice));
    done(api_->set_my_commands({{"start", "Begin"}}, "en"));
}

TEST_F(TelegramServerContract, TheOlderOfTwoPollsIsEnded) {
    std::optional<Outcome<std::vector<Update>>> older;
    boost::asio::co_spawn(loop_, test::keep(older, api_->get_updates(-1, Duration(20'000))),
                          [](std::exception_ptr error) { EXPECT_FALSE(error); });
    loop_.run_for(Duration(500));
    if (older) GTEST_SKIP() << "there was an update to be had";
    const auto second = connect(token_);
    EXPECT_NE(failure_of(second->get_updates(-1, Duration(0))), Failure::unauthorized);
    while (!older) loop_.run_one();
    ASSERT_FALSE(older->ok());
    EXPECT_EQ(older->error().failure, Failure::conflict);
}

}  // namespace
}  // namespace mlbilling::telegram
