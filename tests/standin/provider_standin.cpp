// Plays the speech providers over real HTTP, for tests and benchmarks; see standin.hpp.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <csignal>
#include <cstring>
#include <iostream>

#include "adapters/system_clock/system_clock.hpp"
#include "adapters/system_clock/system_random.hpp"
#include "standin/standin.hpp"

namespace mlbilling::standin {
namespace {

constexpr std::string_view usage =
    R"(usage: provider_standin [--listen HOST:PORT] [--latency MS] [--polls N] [--quotas] [--bodies]

Plays Yandex SpeechKit and an OpenAI-compatible server on one port (PORT 0, the default: any free
one) and prints its address. Keys: Api-Key standin-key, Bearer t1.standin-token, OAuth
standin-oauth, OpenAI standin-openai-key. --latency delays every answer; --polls is how many polls
of an operation say "not yet" (default 2); --quotas enforces Yandex's limits; --bodies keeps bodies
in the record. What else it can be told: tests/standin/control.hpp. Stops at SIGTERM or SIGINT.
)";

struct WrongUsage {};

int number_of(std::string_view text) {
    int number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || number < 0)
        throw WrongUsage();
    return number;
}

ProviderStandin::Options options_of(std::vector<std::string_view> arguments) {
    ProviderStandin::Options options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto name = arguments[i];
        const auto value = [&] {
            if (++i == arguments.size()) throw WrongUsage();
            return arguments[i];
        };
        if (name == "--quotas") {
            options.settings.enforce_quotas = true;
        } else if (name == "--bodies") {
            options.settings.keep_bodies = true;
        } else if (name == "--polls") {
            options.settings.polls = number_of(value());
        } else if (name == "--latency") {
            options.latency.base = Duration(number_of(value()));
        } else if (name == "--listen") {
            const auto address = value();
            const auto colon = address.rfind(':');
            if (colon == std::string_view::npos) throw WrongUsage();
            options.host = address.substr(0, colon);
            options.port = static_cast<std::uint16_t>(number_of(address.substr(colon + 1)));
        } else {
            throw WrongUsage();
        }
    }
    return options;
}

Async<void> until_signal(ProviderStandin* standin) {
    boost::asio::signal_set signals(co_await boost::asio::this_coro::executor, SIGTERM, SIGINT);
    co_await signals.async_wait(boost::asio::use_awaitable);
    co_await standin->stop();
}

void serve(ProviderStandin::Options options) {
    boost::asio::io_context loop(1);
    SystemClock clock(loop.get_executor());
    SystemRandom random;
    ProviderStandin standin(loop.get_executor(), clock, random, std::move(options));
    std::cout << "listening on " << standin.url() << std::endl;
    boost::asio::co_spawn(loop, until_signal(&standin), [&](const std::exception_ptr& error) {
        loop.stop();
        if (error) std::rethrow_exception(error);
    });
    loop.run();
}

}  // namespace
}  // namespace mlbilling::standin

int main(int argc, char** argv) {
    try {
        mlbilling::standin::serve(mlbilling::standin::options_of({argv + 1, argv + argc}));
        return 0;
    } catch (const mlbilling::standin::WrongUsage&) {
        std::cerr << mlbilling::standin::usage;
        return 2;
    } catch (const std::exception& error) {
        std::cerr << "provider_standin: " << error.what() << '\n';
        return 1;
    }
}
