#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "adapters/telegram/telegram_api.hpp"
#include "contract/telegram/recording_metrics.hpp"
#include "integration/http_client/scripted_server.hpp"
#include "support/run.hpp"
#include "support/virtual_clock.hpp"

namespace mlbilling::telegram {

/// The client against a server whose answers the test sets. Hold-offs run on virtual time; HTTP
/// deadlines on real time.
class TelegramApiTest : public ::testing::Test {
  protected:
    using Request = test::ScriptedRequest;
    using Reply = test::ScriptedReply;

    TelegramOptions options() const {
        TelegramOptions options;
        options.token = token_;
        options.api_base = server_.url();
        return options;
    }
    void use(TelegramOptions options) {
        api_ = std::make_unique<TelegramApi>(loop_.get_executor(), clock_, metrics_,
                                             std::move(options));
    }
    template <class T>
    T run(Async<T> work) {
        return test::run(loop_, std::move(work));
    }
    template <class T>
    Error error_of(Async<Outcome<T>> work) {
        const auto outcome = run(std::move(work));
        if (!outcome.ok()) return outcome.error();
        ADD_FAILURE() << "succeeded";
        return Error();
    }

    void answer_always(Reply reply) {
        script_ = [reply](const Request&) { return reply; };
    }
    void answer_always(int status, const std::string& body) {
        answer_always(test::reply_with(status, body));
    }
    /// The result of every call from now on.
    void answer_result(const std::string& result) {
        answer_always(200, R"({"ok":true,"result":)" + result + "}");
    }
    void refuse_with_retry_after(int seconds) {
        const auto text = std::to_string(seconds);
        answer_always(
            429, R"({"ok":false,"error_code":429,"description":"Too Many Requests: retry after )" +
                     text + R"(","parameters":{"retry_after":)" + text + "}}");
    }
    const Request& last_request() const { return server_.requests().back(); }
    std::size_t requests() const { return server_.requests().size(); }

    static OutgoingText text_to(std::int64_t chat) {
        OutgoingText message;
        message.chat = ChatId(chat);
        message.text = "hello";
        return message;
    }
    static OutgoingFile file_to(std::int64_t chat) {
        OutgoingFile file;
        file.chat = ChatId(chat);
        file.bytes = "OggS";
        return file;
    }

    const std::string token_ = "777:AAE-very_secret_token";
    boost::asio::io_context loop_{1};
    test::VirtualClock clock_{loop_};
    test::RecordingMetrics metrics_;
    test::ScriptedServer::Script script_ = [](const Request&) {
        return test::reply_with(200, R"({"ok":true,"result":{"message_id":9}})");
    };
    test::ScriptedServer server_{loop_,
                                 [this](const Request& request) { return script_(request); }};
    std::unique_ptr<TelegramApi> api_ =
        std::make_unique<TelegramApi>(loop_.get_executor(), clock_, metrics_, options());
};

}  // namespace mlbilling::telegram
