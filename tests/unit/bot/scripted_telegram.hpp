#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ports/clock.hpp"
#include "ports/event.hpp"
#include "ports/telegram.hpp"

namespace mlbilling::test {

/// A file as Telegram got it.
struct SentFile {
    std::string file_id;
    std::string bytes;
    std::string file_name;
    std::string mime_type;
    Duration duration{};
    std::optional<MessageId> reply_to;
};

/// One call that the bot made to Telegram, but for polls.
struct Call {
    std::string method;
    ChatId chat;
    /// Text, caption, chat action or toast.
    std::string text;
    /// Message that was edited or removed, or the one that was sent.
    std::optional<MessageId> message;
    std::optional<MessageId> reply_to;
    telegram::Keyboard keyboard;
    bool silent = false;
    SentFile file;
    std::optional<MessageId> topic = std::nullopt;
};

/// Telegram as the test's script plays it: remembers every call, and fails those that it is told
/// to.
class ScriptedTelegram final : public telegram::Api {
  public:
    explicit ScriptedTelegram(Clock& clock) : clock_(clock) {}

    // The script.
    void push(telegram::Update update);
    /// The next call of the method fails with this; several are kept in order.
    void fail_next(const std::string& method, telegram::Failure failure, Duration retry_after = {},
                   std::optional<ChatId> migrate_to = {});
    /// Every call of the method takes this long.
    void delay(const std::string& method, Duration span) { delays_[method] = span; }

    // What was seen.
    std::vector<Call> calls;
    /// Calls of setMyCommands: the language as text, command and description as buttons.
    std::vector<Call> menus;
    std::vector<std::int64_t> offsets;
    /// Of them, those that asked for the first update alone.
    std::vector<std::int64_t> first_offsets;
    std::vector<Duration> timeouts;
    std::vector<Time> polls;
    /// The id of an update that waits beside the others and cannot be read, or 0; and whether its
    /// id can be made out.
    std::int64_t unreadable = 0;
    bool tells_unreadable = true;
    /// Calls that have begun and not ended, neither well nor cancelled.
    int under_way = 0;

    /// What setWebhook was called with, and what is set now.
    std::vector<telegram::Webhook> webhooks_set;
    telegram::WebhookInfo webhook;
    /// The most polls that were ever under way at the same time.
    int most_polls_at_once = 0;
    int polls_under_way = 0;

    /// Methods in order, with the chat action and text after a colon where there is one.
    std::vector<std::string> summary() const;
    std::vector<Call> of(const std::string& method) const;
    /// The newest call of the method. Throws when there is none.
    Call last(const std::string& method) const;
    std::size_t count(const std::string& method) const { return of(method).size(); }

    Async<telegram::Outcome<telegram::Identity>> get_me() override;
    Async<telegram::Outcome<std::vector<telegram::Update>>> get_updates(std::int64_t offset,
                                                                        Duration timeout) override;
    Async<telegram::Outcome<std::vector<telegram::Update>>> get_first_update(
        std::int64_t offset) override;
    Async<telegram::Outcome<telegram::SentMessage>> send_message(
        telegram::OutgoingText message) override;
    Async<telegram::Outcome<telegram::SentMessage>> send_voice(
        telegram::OutgoingFile file) override;
    Async<telegram::Outcome<telegram::SentMessage>> send_audio(
        telegram::OutgoingFile file) override;
    Async<telegram::Outcome<telegram::SentMessage>> send_document(
        telegram::OutgoingFile file) override;
    Async<telegram::Outcome<telegram::Done>> edit_message_text(
        ChatId chat, MessageId message, std::string text, telegram::Keyboard keyboard) override;
    Async<telegram::Outcome<telegram::Done>> delete_message(ChatId chat,
                                                            MessageId message) override;
    Async<telegram::Outcome<telegram::Done>> send_chat_action(
        ChatId chat, telegram::ChatAction action, std::optional<MessageId> topic) override;
    Async<telegram::Outcome<telegram::Done>> answer_callback_query(std::string id,
                                                                   std::string text) override;
    Async<telegram::Outcome<telegram::Done>> set_my_commands(
        std::vector<telegram::BotCommand> commands, std::string language_code) override;
    Async<telegram::Outcome<telegram::Done>> set_webhook(telegram::Webhook webhook) override;
    Async<telegram::Outcome<telegram::Done>> delete_webhook() override;
    Async<telegram::Outcome<telegram::WebhookInfo>> get_webhook_info() override;
    Async<telegram::Outcome<std::string>> download(std::string file_id,
                                                   std::size_t largest) override;

  private:
    class Poll {
      public:
        explicit Poll(ScriptedTelegram& telegram) : polls_(telegram.polls_under_way) {
            telegram.most_polls_at_once = std::max(telegram.most_polls_at_once, ++polls_);
        }
        ~Poll() { --polls_; }
        Poll(const Poll&) = delete;
        Poll& operator=(const Poll&) = delete;

      private:
        int& polls_;
    };

    /// Notes the call, waits its delay, and says how it is to fail.
    Async<std::optional<telegram::Error>> pass(Call call);
    std::optional<telegram::Error> next_failure(const std::string& method);
    std::optional<telegram::Error> unreadable_before(std::int64_t offset, std::size_t count) const;
    Async<telegram::Outcome<telegram::SentMessage>> send_file(std::string method,
                                                              telegram::OutgoingFile file);
    Async<telegram::Outcome<telegram::Done>> done(Call call);

    Clock& clock_;
    std::vector<telegram::Update> updates_;
    Event arrived_;
    std::map<std::string, std::deque<telegram::Error>> failures_;
    std::map<std::string, Duration> delays_;
    std::int64_t next_message_ = 1000;
};

}  // namespace mlbilling::test
