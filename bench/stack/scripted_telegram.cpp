// A Telegram that is as cheap as it can be, for measuring what stands behind it: it sends texts and
// voices by a plan and notes when each is answered. usage: scripted_telegram PORT [NAME=NUMBER]...,
// the names being those of TelegramScript::Plan, and median and sigma of the provider's latency.
// GET /report tells how it stands.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <map>

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
        if (request.path.starts_with("/file/")) {
            response.content_type = "application/octet-stream";
            response.body = script_.file(number_after(request.path, "/recording"));
            co_return response;
        }
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
        const auto message = number_after(request.body, "\"message_id\":");
        if (method == "editMessageText") script_.changed(message, request.body);
        if (method == "getFile") co_return file_of(number_after(request.body, "recording"));
        if (method == "sendVoice") {
            ++sent_;
            script_.answered_by_voice(message);
        }
        if (method == "sendMessage") script_.answered_by_text(message, ++sent_, request.body);
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

    static std::string file_of(std::int64_t number) {
        const auto name = std::to_string(number);
        return R"({"ok":true,"result":{"file_id":"recording)" + name +
               R"(","file_unique_id":"unique)" + name + R"(","file_path":"voice/recording)" + name +
               R"("}})";
    }

    std::string sent(bool voice) const {
        const auto id = std::to_string(sent_);
        return R"({"ok":true,"result":{"message_id":)" + id +
               R"(,"date":1790000000,"chat":{"id":1,"type":"private"})" +
               (voice ? R"(,"voice":{"file_id":"file)" + id + R"(","file_unique_id":"unique)" + id +
                            R"(","duration":1})"
                      : "") +
               "}}";
    }

    TelegramScript script_;
    std::int64_t sent_ = 1'000'000'000;
};

}  // namespace
}  // namespace mlbilling::bench

namespace {

/// Whether the argument was understood.
bool read_argument(mlbilling::bench::TelegramScript::Plan& plan, std::string_view argument) {
    const auto sign = argument.find('=');
    if (sign == std::string_view::npos) return false;
    const auto name = argument.substr(0, sign);
    const auto number = std::strtod(argument.data() + sign + 1, nullptr);
    const std::map<std::string_view, std::int64_t*> whole{{"tasks", &plan.tasks},
                                                          {"users", &plan.users},
                                                          {"first_id", &plan.first_id},
                                                          {"outstanding", &plan.outstanding},
                                                          {"voices", &plan.voices}};
    if (const auto found = whole.find(name); found != whole.end())
        *found->second = static_cast<std::int64_t>(number);
    else if (name == "rate")
        plan.rate = number;
    else if (name == "median")
        plan.provider.base = mlbilling::Duration(static_cast<std::int64_t>(number));
    else if (name == "sigma")
        plan.provider.sigma = number;
    else
        return false;
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    using namespace mlbilling::bench;
    TelegramScript::Plan plan;
    bool understood = argc > 1;
    for (int i = 2; i < argc; ++i) understood = understood && read_argument(plan, argv[i]);
    if (!understood) {
        std::fputs("usage: scripted_telegram PORT [NAME=NUMBER]...\n", stderr);
        return 2;
    }
    boost::asio::io_context loop(1);
    ScriptedTelegram telegram(plan);
    const mlbilling::HttpServer server(
        loop.get_executor(), "127.0.0.1", static_cast<std::uint16_t>(std::atoi(argv[1])),
        [&](mlbilling::HttpRequest request) { return telegram.answer(std::move(request)); });
    loop.run();
    return 0;
}
