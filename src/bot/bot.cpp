#include "bot/bot.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "base/check.hpp"
#include "base/log.hpp"
#include "bot/background.hpp"
#include "bot/command_list.hpp"
#include "bot/conversation.hpp"
#include "bot/delivery.hpp"
#include "bot/delivery_sweep.hpp"
#include "bot/leader_polling.hpp"
#include "bot/progress.hpp"
#include "bot/reply_consumer.hpp"
#include "bot/update_lanes.hpp"
#include "bot/waiting.hpp"
#include "bot/webhook_receiver.hpp"

namespace mlbilling::bot {

namespace asio = boost::asio;

/// The parts of a running bot, in the order in which they lean on each other.
class Bot::Running {
  public:
    Running(asio::any_io_executor executor, const Dependencies& outside, const BotOptions& options,
            Event stop)
        : outside_(outside),
          stop_(stop),
          background_(std::move(executor)),
          progress_(outside, options, background_),
          deliveries_(outside, options, background_, progress_, stop),
          replies_(outside, options, deliveries_, stop),
          sweep_(outside, options, deliveries_, stop),
          options_(options) {}

    Async<void> work(telegram::Identity identity) {
        const auto bot = identity.id;
        deliveries_.introduce(identity.username);
        conversation_.emplace(outside_, options_, std::move(identity), background_, deliveries_,
                              progress_);
        lanes_.emplace(*conversation_);
        start_source(bot);
        background_.start("replies", replies_.run());
        background_.start("delivery sweep", sweep_.run());
        background_.start("command list",
                          publish_commands(outside_.telegram, outside_.clock, stop_));
        co_await source().run();
        // After this line no new work comes in; results that are still being made are delivered by
        // the next process.
        progress_.stop();
        co_await background_.drained();
    }

    void cancel() { background_.cancel(); }
    Async<void> drained() { return background_.drained(); }
    std::optional<UpdateState> state() const {
        if (webhook_) return webhook_->state();
        return polling_ ? std::optional(polling_->state()) : std::nullopt;
    }
    WebhookReceiver* webhook() { return webhook_ ? &*webhook_ : nullptr; }

  private:
    void start_source(BotId bot) {
        if (options_.webhook)
            webhook_.emplace(outside_, *options_.webhook, *lanes_, stop_);
        else
            polling_.emplace(outside_, options_, bot, *lanes_, stop_);
    }
    UpdateSource& source() {
        if (webhook_) return *webhook_;
        return *polling_;
    }

    const Dependencies& outside_;
    Event stop_;
    Background background_;
    Progress progress_;
    Deliveries deliveries_;
    ReplyConsumer replies_;
    DeliverySweep sweep_;
    const BotOptions& options_;
    std::optional<Conversation> conversation_;
    std::optional<UpdateLanes> lanes_;
    std::optional<LeaderPolling> polling_;
    std::optional<WebhookReceiver> webhook_;
};

Bot::Bot(Dependencies outside, BotOptions options)
    : outside_(outside), options_(std::move(options)) {}

Bot::~Bot() = default;

UpdateState Bot::state() const {
    const auto working = running_ ? running_->state() : std::nullopt;
    return working.value_or(before_work_);
}

Async<bool> Bot::receive(telegram::Update update) {
    auto* webhook = running_ ? running_->webhook() : nullptr;
    if (webhook == nullptr) co_return false;
    co_return co_await webhook->receive(std::move(update));
}

Async<void> Bot::run() {
    CHECK(!running_);
    running_ =
        std::make_unique<Running>(co_await asio::this_coro::executor, outside_, options_, stop_);
    std::exception_ptr error;
    try {
        co_await work();
    } catch (...) {
        error = std::current_exception();
    }
    // Nothing may outlive this call, even if it was cancelled: so its end cannot be.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    running_->cancel();
    co_await running_->drained();
    if (error) std::rethrow_exception(error);
}

Async<void> Bot::work() {
    auto identity = co_await identify();
    if (!identity) co_return;
    log::info("the bot works", {{"bot", identity->username}});
    co_await running_->work(std::move(*identity));
    log::info("the bot has finished");
}

Async<std::optional<telegram::Identity>> Bot::identify() {
    Duration wait{1'000};
    constexpr Duration longest_wait{60'000};
    while (!stop_.is_set()) {
        auto outcome = co_await unless_set(stop_, outside_.telegram.get_me());
        if (!outcome) break;
        if (outcome->ok()) co_return std::move(*outcome).value();
        const auto& error = outcome->error();
        const bool refused = error.failure == telegram::Failure::unauthorized;
        before_work_ = refused ? UpdateState::unauthorized : UpdateState::unreachable;
        log::error(
            refused
                ? "Telegram does not accept the bot token: set TELEGRAM_BOT_TOKEN to a valid one"
                : "Telegram does not answer",
            {{"error", error.description}});
        co_await stop_.wait_within(outside_.clock, std::max(wait, error.retry_after));
        wait = std::min(wait * 2, longest_wait);
    }
    co_return std::nullopt;
}

}  // namespace mlbilling::bot
