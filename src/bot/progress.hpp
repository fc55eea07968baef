#pragma once

#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "bot/background.hpp"
#include "bot/options.hpp"
#include "ports/event.hpp"

namespace mlbilling::bot {

/// Shows that work goes on while a task of this process runs: a chat action at once and again while
/// it lasts, and a silent status message for what is not done after about a second, with a Cancel
/// button until a worker has begun. All decoration: what fails is logged and forgotten.
class Progress {
  public:
    Progress(const Dependencies& outside, const BotOptions& options, Background& background)
        : outside_(outside), options_(options), background_(background) {}

    /// The task has been accepted. A status message that it has already, the prompt of a proposal,
    /// is rewritten at once. `topic`: of the forum that it was asked for in.
    void start(const TaskRecord& task, std::optional<MessageId> topic = std::nullopt);

    /// Where a task belongs of which something is shown.
    std::optional<ChatId> chat_of(const TaskId& task) const;

    /// The task has ended: nothing more is shown of it. The event is set as soon as no call that
    /// touches its status message is under way, so that none can overwrite what replaces it.
    Event end(const TaskId& task);

    /// The process drains: status messages stay for whoever delivers the results.
    void stop();

  private:
    /// What is shown of one task.
    struct Shown {
        TaskRecord task;
        ChatId chat;
        std::optional<MessageId> topic;
        Language language = Language::english;
        std::optional<MessageId> message;
        /// The task was answered before the message was known to the store: nobody else removes it.
        bool orphan = false;
        Time started;
        Event over;
        /// Set while no call is under way.
        Event idle;
    };
    /// A chat, and the topic in it where there are topics.
    using Where = std::pair<ChatId, std::optional<MessageId>>;
    /// One place has one chat action, however many tasks run in it.
    struct Activity {
        int tasks = 0;
        telegram::ChatAction action = telegram::ChatAction::typing;
        Event over;
    };
    using ShownPointer = std::shared_ptr<Shown>;

    void begin_activity(const Shown& shown);
    void end_activity(const Shown& shown);
    Async<void> act(Where where, std::shared_ptr<Activity> activity);
    Async<void> show(ShownPointer shown);
    Async<void> show_steps(ShownPointer shown);
    Async<void> send(ShownPointer shown);
    Async<telegram::Outcome<telegram::SentMessage>> send_status(ShownPointer shown);
    Async<StatusMessage> store_message(ShownPointer shown);
    Async<bool> rewrite(ShownPointer shown, bool with_time);
    /// What may have changed: the user's language, and whether the task can still be cancelled.
    Async<void> look_again(ShownPointer shown);
    telegram::Keyboard keyboard(const Shown& shown) const;

    const Dependencies& outside_;
    const BotOptions& options_;
    Background& background_;
    std::map<TaskId, ShownPointer> shown_;
    std::map<Where, std::shared_ptr<Activity>> activities_;
};

}  // namespace mlbilling::bot
