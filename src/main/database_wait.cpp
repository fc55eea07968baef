#include "main/database_wait.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "adapters/http_server/http_server.hpp"
#include "adapters/postgres/migrations.hpp"
#include "adapters/system_clock/system_clock.hpp"
#include "base/log.hpp"
#include "base/outage_log.hpp"
#include "base/unavailable.hpp"
#include "main/run_to_end.hpp"
#include "ports/deadline.hpp"
#include "ports/event.hpp"
#include "ports/until.hpp"

namespace mlbilling {
namespace {

namespace asio = boost::asio;

constexpr const char* not_reachable = "database not reachable, retrying (DATABASE_URL)";
/// Each attempt's; the wait goes on for as long as it takes.
constexpr Duration patience{2'000};
constexpr Duration pause{1'000};
constexpr Duration usual_answer{300};
constexpr Duration max_answer_at_the_end{100};

HttpResponse answer_to(const HttpRequest& request) {
    if (request.path == "/healthz") return plain_answer(200, "ok");
    if (request.path != "/readyz") return plain_answer(503, not_reachable);
    HttpResponse response;
    response.status = 503;
    response.content_type = "application/json";
    response.body = std::string(R"({"ready":false,"reason":")") + not_reachable + "\"}\n";
    return response;
}

Async<HttpResponse> answer(HttpRequest request) { co_return answer_to(request); }

Async<bool> checked(postgres::Options options, asio::any_io_executor loop) {
    co_await postgres::check_schema(std::move(options), std::move(loop));
    co_return true;
}

class DatabaseWait {
  public:
    DatabaseWait(const Config& config, std::uint16_t usual_port)
        : address_(config.http_listen.value_or(ListenAddress{"127.0.0.1", usual_port})) {
        options_.url = std::get<PostgresUrl>(config.database).url;
        options_.patience = patience;
    }

    bool run() {
        signals_.async_wait([this](boost::system::error_code error, int) {
            if (!error) stop_.set();
        });
        return run_to_end(loop_, wait());
    }

  private:
    Async<bool> wait() {
        if (co_await answers_at_once()) co_return !stop_.is_set();
        HttpServer http(loop_.get_executor(), address_.host, address_.port, answer);
        log::OutageLog outage(not_reachable);
        bool answers = false;
        while (!answers && !stop_.is_set()) {
            try {
                const auto found = co_await until(stop_, checked(options_, loop_.get_executor()));
                answers = found.value_or(false);
            } catch (const Unavailable& error) {
                outage.tell(error.what());
            }
            if (!answers) co_await stop_.wait_within(clock_, pause);
        }
        if (answers) log::info("the database answers", {});
        co_await http.stop(max_answer_at_the_end);
        co_return answers && !stop_.is_set();
    }

    /// Then nobody need be told that it does not, on a listener that makes way for another.
    Async<bool> answers_at_once() {
        try {
            const auto found =
                co_await within(clock_, usual_answer, checked(options_, loop_.get_executor()));
            co_return found.value_or(false);
        } catch (const Unavailable& error) {
            log::debug(not_reachable, {{"error", error.what()}});
        }
        co_return false;
    }

    asio::io_context loop_{1};
    SystemClock clock_{loop_.get_executor()};
    asio::signal_set signals_{loop_, SIGTERM, SIGINT};
    Event stop_;
    ListenAddress address_;
    postgres::Options options_;
};

}  // namespace

bool await_database(const Config& config, std::uint16_t usual_port) {
    return DatabaseWait(config, usual_port).run();
}

}  // namespace mlbilling
