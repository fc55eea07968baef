#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <iostream>

#include "adapters/system_clock/system_clock.hpp"
#include "adapters/system_clock/system_random.hpp"
#include "main/commands.hpp"
#include "main/descriptors.hpp"
#include "main/run_to_end.hpp"
#include "main/webhook_carrier.hpp"
#include "sandbox/sandbox.hpp"

namespace mlbilling {
namespace {

Async<void> until_signal(sandbox::Sandbox* sandbox) {
    boost::asio::signal_set signals(co_await boost::asio::this_coro::executor, SIGTERM, SIGINT);
    co_await signals.async_wait(boost::asio::use_awaitable);
    co_await sandbox->stop();
}

}  // namespace

int run_sandbox(const Config& config) {
    boost::asio::io_context loop(1);
    SystemClock clock(loop.get_executor());
    SystemRandom random;
    HttpWebhookCarrier webhooks(loop.get_executor());
    sandbox::Sandbox::Options options;
    options.host = config.sandbox_listen.host;
    options.port = config.sandbox_listen.port;
    options.first_message_id = static_cast<std::int64_t>(random.next() % 1'000'000'000);
    options.webhooks = &webhooks;
    options.max_connections = connections_for(1);
    sandbox::Sandbox sandbox(loop.get_executor(), clock, random, options);
    sandbox.start();
    const auto address = web_address_of(config.sandbox_listen, sandbox.port());
    std::cout << "Chat page:        " << address
              << "/\nFor a bot:        TELEGRAM_API_URL=" << address
              << " with any token\nStop with Ctrl-C.\n"
              << std::flush;
    run_to_end(loop, until_signal(&sandbox));
    return 0;
}

}  // namespace mlbilling
