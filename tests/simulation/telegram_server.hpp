#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ports/telegram.hpp"
#include "simulation/process.hpp"

namespace mlbilling::simulation {

/// A message as the chat shows it in the end.
struct ShownMessage {
    MessageId id;
    bool from_bot = false;
    std::string text;
    /// Content of a voice, audio or document that the bot sent.
    std::string file;
    std::string caption;
    std::optional<MessageId> reply_to;
    telegram::Keyboard keyboard;
    bool deleted = false;
    /// Of the bot's message: how often its text was replaced.
    int edits = 0;
};

struct ShownChat {
    ChatId id;
    TelegramId user;
    bool blocked = false;
    /// Refuses every file for good, with or without a reply; texts arrive.
    bool takes_no_files = false;
    std::int64_t next_message = 1;
    std::map<std::int64_t, ShownMessage> messages;
};

/// Telegram's side of the world: it outlives every process, forgets an update only when it is
/// confirmed, and remembers all that users see. It has no faults of its own; those are of the way
/// to it.
class TelegramServer {
  public:
    explicit TelegramServer(World& world) : world_(world) {}

    ShownChat& open_chat(TelegramId user);
    /// A user writes; the update waits until a poll confirms it.
    MessageId user_writes(TelegramId user, std::string text);
    MessageId user_records(TelegramId user, std::string file_id, Duration claimed);
    void user_presses(TelegramId user, MessageId message, std::string data);

    std::vector<telegram::Update> pending(std::int64_t offset);
    bool has_pending() const { return !updates_.empty(); }
    /// When the mutant confirms updates as it hands them out.
    void confirm_all() { updates_.clear(); }

    MessageId bot_sends(ChatId chat, ShownMessage message);
    /// False when the message is not there.
    bool bot_edits(ChatId chat, MessageId id, std::string text, telegram::Keyboard keyboard);
    bool bot_deletes(ChatId chat, MessageId id);
    bool is_blocked(ChatId chat) const;
    bool takes_files(ChatId chat) const;

    const std::map<std::int64_t, ShownChat>& chats() const { return chats_; }
    /// Buttons that appeared since the last call, for the scripted users to press.
    struct Offer {
        TelegramId user;
        MessageId message;
        std::string data;
    };
    std::vector<Offer> take_offers();

  private:
    telegram::IncomingMessage incoming(const ShownChat& chat, MessageId id);
    void remember_offers(const ShownChat& chat, MessageId id, const telegram::Keyboard& keyboard);

    World& world_;
    std::map<std::int64_t, ShownChat> chats_;
    std::deque<telegram::Update> updates_;
    std::int64_t next_update_ = 700;
    std::int64_t next_query_ = 1;
    std::vector<Offer> offers_;
};

/// The way from one process to Telegram, with all that can go wrong on it.
class TelegramWay final : public telegram::Api {
  public:
    /// `confirm_first`: the mutant that confirms updates before anything was done about them.
    TelegramWay(Process& process, TelegramServer& server, bool confirm_first)
        : process_(process), server_(server), confirm_first_(confirm_first) {}

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
    /// What is drawn before a call takes effect, and what becomes of its answer.
    Async<std::optional<telegram::Error>> way_there(std::string method);
    Async<std::optional<telegram::Error>> way_back(std::string method);
    Async<telegram::Outcome<telegram::SentMessage>> send(std::string method, ChatId chat,
                                                         ShownMessage message,
                                                         std::unique_ptr<ByteSource> content = {});
    Async<telegram::Outcome<telegram::SentMessage>> send_file(std::string method,
                                                              telegram::OutgoingFile file);

    Process& process_;
    TelegramServer& server_;
    bool confirm_first_;
};

}  // namespace mlbilling::simulation
