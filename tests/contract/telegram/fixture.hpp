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
        options.token = token;
        options.api_base = server.url();
        return options;
    }
    void use(TelegramOptions options) {
        api =
            std::make_unique<TelegramApi>(loop.get_executor(), clock, metrics, std::move(options));
    }
    template <class T>
    T run(Async<T> work) {
        return test::run(loop, std::move(work));
    }
    template <class T>
    Error error_of(Async<Outcome<T>> work) {
        const auto outcome = run(std::move(work));
        if (!outcome.ok()) return outcome.error();
        ADD_FAILURE() << "succeeded";
        return Error();
    }

    void answer_always(Reply reply) {
        script = [reply](const Request&) { return reply; };
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
    const Request& last_request() const { return server.requests().back(); }
    std::size_t requests() const { return server.requests().size(); }

    static OutgoingText text_to(std::int64_t chat) {
        OutgoingText message;
        message.chat = ChatId(chat);
        message.text = "hello";
        return message;
    }
    static OutgoingFile file_to(std::int64_t chat) {
        OutgoingFile file;
        file.chat = ChatId(chat);
        file.content = std::make_unique<HeldBytes>("OggS");
        return file;
    }

    const std::string token = "777:AAE-very_secret_token";
    boost::asio::io_context loop{1};
    test::VirtualClock clock{loop};
    test::RecordingMetrics metrics;
    test::ScriptedServer::Script script = [](const Request&) {
        return test::reply_with(200, R"({"ok":true,"result":{"message_id":9}})");
    };
    test::ScriptedServer server{loop, [this](const Request& request) { return script(request); }};
    std::unique_ptr<TelegramApi> api =
        std::make_unique<TelegramApi>(loop.get_executor(), clock, metrics, options());
};

}  // namespace mlbilling::telegram
