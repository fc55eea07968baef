#pragma once

#include <map>
#include <optional>
#include <string>

#include "bot/addressing.hpp"
#include "bot/background.hpp"
#include "bot/button.hpp"
#include "bot/command.hpp"
#include "bot/delivery.hpp"
#include "bot/options.hpp"
#include "bot/progress.hpp"
#include "bot/update_handler.hpp"

namespace mlbilling::bot {

/// Turns each update into one transaction of the store, and starts what follows from it: the task's
/// message to the workers, the signs of progress, the delivery of an answer. Everything slow
/// happens in the background; handle() returns when the transaction is committed.
class Conversation final : public UpdateHandler {
  public:
    Conversation(const Dependencies& outside, const BotOptions& options,
                 telegram::Identity identity, Background& background, Deliveries& deliveries,
                 Progress& progress)
        : outside_(outside),
          options_(options),
          identity_(std::move(identity)),
          background_(background),
          deliveries_(deliveries),
          progress_(progress) {}

    Async<void> handle(telegram::Update update) override;

  private:
    /// Who asks, where, and by which update.
    struct Asker {
        UpdateKey update;
        Sender sender;
        Place place;
        /// Of the forum, where it is asked.
        std::optional<MessageId> topic;
    };

    UpdateKey key(UpdateId update) const { return {identity_.id, update}; }
    Sender sender(const telegram::User& user) const;

    // conversation.cpp: messages and answers.
    Async<void> on_message(UpdateId update, telegram::IncomingMessage message);
    Async<void> on_request(Asker asker, Request request, std::string replied_text);
    Async<void> on_command(Asker asker, ParsedCommand parsed, std::string replied_text);
    Async<void> on_unsupported(Asker asker);
    IntakeStore::AnswerRequest answer_request(const Asker& asker, Notice notice,
                                              std::optional<MessageId> edit) const;
    Async<void> tell(Asker asker, Notice notice, std::optional<MessageId> edit = std::nullopt);
    Async<void> cancel(Asker asker, std::optional<TaskId> task, std::optional<MessageId> edit);
    void deliver(AnswerOutcome answer, ChatId chat);

    // conversation_tasks.cpp: what is paid for.
    Async<void> on_text(Asker asker, std::string text);
    Async<void> on_recording(Asker asker, telegram::MediaFile media);
    TaskRequest task_request(const Asker& asker, TaskType type) const;
    Async<void> accept_proposal(Asker asker, ProposalId proposal, MessageId prompt);
    void follow(TaskOutcome outcome, const Asker& asker);
    void start(Accepted accepted, std::optional<MessageId> topic);

    // conversation_buttons.cpp: what buttons ask for.
    Async<void> on_query(UpdateId update, telegram::CallbackQuery query);
    /// Whether a press may do what its data says; the data anybody can make up.
    struct Judgement {
        /// Why not.
        std::optional<TextId> objection;
        /// The message that the answer may replace.
        std::optional<MessageId> edit;
    };
    Async<Judgement> judge(telegram::CallbackQuery query, ButtonAction action);
    Async<Judgement> judge_cancel(telegram::CallbackQuery query, TaskId task);
    Async<void> on_button(Asker asker, MessageId message, std::optional<MessageId> edit,
                          ButtonAction action);
    Async<void> decline(Asker asker, MessageId prompt);
    Async<void> change(Asker asker, std::optional<MessageId> edit, SettingsChange settings,
                       std::string what);
    /// Whether the button names something that exists.
    bool is_known(const ButtonAction& action) const;
    Async<void> answer_query(std::string id, std::string toast);

    const Dependencies& outside_;
    const BotOptions& options_;
    telegram::Identity identity_;
    Background& background_;
    Deliveries& deliveries_;
    Progress& progress_;
    /// When a chat was last told that its content is of no use; an album brings ten of them.
    std::map<ChatId, Time> told_unsupported_;
};

}  // namespace mlbilling::bot
