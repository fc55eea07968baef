#pragma once

#include <gtest/gtest.h>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <optional>
#include <string>

#include "bot/bot.hpp"
#include "memory_store.hpp"
#include "scripted_telegram.hpp"
#include "stand_ins.hpp"
#include "support/seeded_random.hpp"
#include "support/virtual_clock.hpp"

namespace mlbilling::test {

/// The whole bot among stand-ins, on virtual time.
class BotWorld : public testing::Test {
  protected:
    static constexpr auto chat = 7;
    static constexpr auto group = -100;

    BotWorld();
    ~BotWorld() override;

    /// Starts the bot and lets it come to rest.
    void start();
    /// Asks the bot to stop and lets it finish.
    void stop();
    void pass(Duration span) { clock.advance(span); }

    telegram::IncomingMessage message(std::string text, std::int64_t chat_id = chat,
                                      std::int64_t user = 7);
    telegram::MediaFile media(telegram::MediaFile::Kind kind = telegram::MediaFile::Kind::voice,
                              Duration duration = Duration(5'000));
    /// An update that arrives now; time stands still while it is handled.
    void arrive(telegram::IncomingMessage content);
    void arrive(telegram::CallbackQuery content);
    telegram::CallbackQuery press(std::string data, std::int64_t message_id = 500);
    /// A message with buttons for the user of press(), as if the bot had sent it.
    void show_buttons(std::int64_t message_id, ButtonMessage kind = ButtonMessage::menu);

    /// A user writes or records something, and the bot handles it; the task id that it would get.
    TaskId write(std::string text, std::int64_t chat_id = chat);
    TaskId record(Duration duration = Duration(5'000));
    /// The worker is done: the result is due and the reply is on its way.
    void complete_text(const TaskId& task, std::vector<std::string> voices, int cost = 2,
                       bool cached = false);
    void complete_voice(const TaskId& task, std::string text, int cost = 2);
    void fail(const TaskId& task, FailureReason reason);

    boost::asio::io_context loop;
    VirtualClock clock{loop};
    SeededRandom random{1};
    ScriptedTelegram telegram{clock};
    MemoryStore store{clock};
    MemoryBroker broker;
    MemoryResults results;
    StandInSpeech speech;
    StandInCodec codec;
    CountingMetrics metrics;
    OutboxPublisher publisher{broker, store};
    bot::BotOptions options;
    std::optional<bot::Bot> bot;
    boost::asio::cancellation_signal cancellation;
    bool ended = false;
    /// Calls to Telegram that were under way at the moment when the bot ended.
    int under_way_at_end = 0;
    std::exception_ptr end_error;
    std::int64_t next_update = 100;
    std::int64_t next_message = 1;
};

}  // namespace mlbilling::test
