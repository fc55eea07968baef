#include "bot_world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <utility>

namespace mlbilling::test {

namespace asio = boost::asio;

BotWorld::BotWorld() {
    options.reply_queue = QueueName("replies.test");
    options.ask_above = Credits(50);
    show_buttons(500);
    show_buttons(501);
}

BotWorld::~BotWorld() {
    if (bot && !ended) stop();
    EXPECT_TRUE(!bot || ended) << "the bot did not end";
    EXPECT_EQ(under_way_at_end, 0);
}

void BotWorld::start() {
    bot.emplace(bot::Dependencies{store, store, store, store, telegram, broker, results, speech,
                                  codec, clock, random, metrics, publisher},
                options);
    asio::co_spawn(
        loop, bot->run(),
        asio::bind_cancellation_slot(cancellation.slot(), [this](std::exception_ptr error) {
            ended = true;
            under_way_at_end = telegram.under_way;
            end_error = error;
        }));
    clock.drain();
}

void BotWorld::stop() {
    bot->stop();
    pass(Duration(30'000));
}

telegram::IncomingMessage BotWorld::message(std::string text, std::int64_t chat_id,
                                            std::int64_t user) {
    telegram::IncomingMessage incoming;
    incoming.id = MessageId(next_message++);
    incoming.chat = {ChatId(chat_id),
                     chat_id < 0 ? telegram::ChatKind::group : telegram::ChatKind::private_chat};
    incoming.from = telegram::User{TelegramId(user), false, "user", "User", "en"};
    incoming.text = std::move(text);
    return incoming;
}

telegram::MediaFile BotWorld::media(telegram::MediaFile::Kind kind, Duration duration) {
    telegram::MediaFile file;
    file.kind = kind;
    file.file_id = "file";
    file.file_unique_id = "unique";
    file.duration = duration;
    file.size = 1'000;
    return file;
}

void BotWorld::arrive(telegram::IncomingMessage content) {
    telegram.push({UpdateId(next_update++), std::move(content)});
    clock.drain();
}

void BotWorld::arrive(telegram::CallbackQuery content) {
    telegram.push({UpdateId(next_update++), std::move(content)});
    clock.drain();
}

telegram::CallbackQuery BotWorld::press(std::string data, std::int64_t message_id) {
    telegram::CallbackQuery query;
    query.id = "query";
    query.from = telegram::User{TelegramId(7), false, "user", "User", "en"};
    query.data = std::move(data);
    query.chat = telegram::Chat{ChatId(chat), telegram::ChatKind::private_chat};
    query.message = MessageId(message_id);
    return query;
}

void BotWorld::show_buttons(std::int64_t message_id, ButtonMessage kind) {
    store.buttons[{ChatId(chat), MessageId(message_id)}] = {kind, TelegramId(chat)};
}

TaskId BotWorld::write(std::string text, std::int64_t chat_id) {
    auto incoming = message(std::move(text), chat_id);
    const TaskId task(std::to_string(chat_id) + "_" + std::to_string(incoming.id.value()));
    arrive(std::move(incoming));
    return task;
}

TaskId BotWorld::record(Duration duration) {
    auto incoming = message("");
    incoming.media = media(telegram::MediaFile::Kind::voice, duration);
    const TaskId task("7_" + std::to_string(incoming.id.value()));
    arrive(std::move(incoming));
    return task;
}

void BotWorld::complete_text(const TaskId& task, std::vector<std::string> voices, int cost,
                             bool cached) {
    TaskResult result;
    for (const auto& voice : voices) {
        const ResultKey key(task.value() + "/" + voice);
        results.blobs[key] = voice;
        result.parts.push_back({key, Duration(1'500)});
    }
    store.complete(task, std::move(result), cost, cached);
    broker.reply(task.value());
    clock.drain();
}

void BotWorld::complete_voice(const TaskId& task, std::string text, int cost) {
    store.complete(task, {std::move(text), {}}, cost);
    broker.reply(task.value());
    clock.drain();
}

void BotWorld::fail(const TaskId& task, FailureReason reason) {
    store.fail(task, reason);
    broker.reply(task.value());
    clock.drain();
}

}  // namespace mlbilling::test
