// A Telegram that is as cheap as it can be, for measuring what stands behind it: it writes texts by
// a plan and notes when each is answered with a voice. usage: scripted_telegram PORT TASKS USERS
// RATE OUTSTANDING FIRST_ID; RATE 0 keeps OUTSTANDING messages unanswered. GET /report tells how it
// stands.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <cstdio>
#include <cstdlib>

#include "adapters/http_server/http_server.hpp"
#include "stack/telegram_script.hpp"

namespace mlbilling::bench {
namespace {

constexpr auto look_again = std::chrono::milliseconds(1);
constexpr std::chrono::seconds longest_poll(20);
constexpr const char* done = R"({"ok":true,"result":true})";

/// The number behind the first `"name":` of a request, which we made ourselves.
std::int64_t number_after(const std::string& body, std::string_view name) {
    const auto found = body.find(name);
    if (found == std::string::npos) return 0;
    std::int64_t value = 0;
    const char* begin = body.data() + found + name.size();
    std::from_chars(begin, body.data() + body.size(), value);
    return value;
}

class ScriptedTelegram {
  public:
    explicit ScriptedTelegram(const TelegramScript::Plan& plan) : script_(plan) {}

    Async<HttpResponse> answer(HttpRequest request) {
        HttpResponse response;
        response.content_type = "application/json";
        response.body = co_await body_of(std::move(request));
        co_return response;
    }

  private:
    Async<std::string> body_of(HttpRequest request) {
        if (request.path == "/report") co_return script_.report();
        const auto method = request.path.substr(request.path.rfind('/') + 1);
        if (method == "getUpdates")
            co_return co_await poll(number_after(request.body, "\"offset\":"),
                                    number_after(request.body, "\"timeout\":"));
        if (method == "getMe")
            co_return R"({"ok":true,"result":{"id":424242,"is_bot":true,"first_name":"Bench",)"
                      R"("username":"bench_bot"}})";
        if (method == "sendVoice") script_.answered(number_after(request.body, "\"message_id\":"));
        if (method == "sendVoice" || method == "sendMessage") co_return sent(method == "sendVoice");
        co_return done;
    }

    Async<std::string> poll(std::int64_t offset, std::int64_t timeout) {
        const auto end =
            TelegramScript::Clock::now() +
            std::min<std::chrono::seconds>(std::chrono::seconds(timeout), longest_poll);
        auto updates = script_.updates(offset);
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
        while (updates == "[]" && TelegramScript::Clock::now() < end) {
            const auto soon = TelegramScript::Clock::now() + look_again;
            timer.expires_at(std::max(soon, script_.next_write().value_or(soon)));
            co_await timer.async_wait(boost::asio::use_awaitable);
            updates = script_.updates(offset);
        }
        co_return R"({"ok":true,"result":)" + updates + "}";
    }

    std::string sent(bool voice) {
        const auto id = std::to_string(1'000'000'000 + ++sent_);
        return R"({"ok":true,"result":{"message_id":)" + id +
               R"(,"date":1790000000,"chat":{"id":1,"type":"private"})" +
               (voice ? R"(,"voice":{"file_id":"file)" + id + R"(","file_unique_id":"unique)" + id +
                            R"(","duration":1})"
                      : "") +
               "}}";
    }

    TelegramScript script_;
    std::int64_t sent_ = 0;
};

}  // namespace
}  // namespace mlbilling::bench

int main(int argc, char** argv) {
    using namespace mlbilling::bench;
    if (argc != 7) {
        std::fputs("usage: scripted_telegram PORT TASKS USERS RATE OUTSTANDING FIRST_ID\n", stderr);
        return 2;
    }
    TelegramScript::Plan plan;
    plan.tasks = std::atoll(argv[2]);
    plan.users = std::atoll(argv[3]);
    plan.rate = std::atof(argv[4]);
    plan.outstanding = std::atoll(argv[5]);
    plan.first_id = std::atoll(argv[6]);
    boost::asio::io_context loop(1);
    ScriptedTelegram telegram(plan);
    const mlbilling::HttpServer server(
        loop.get_executor(), "127.0.0.1", static_cast<std::uint16_t>(std::atoi(argv[1])),
        [&](mlbilling::HttpRequest request) { return telegram.answer(std::move(request)); });
    loop.run();
    return 0;
}
