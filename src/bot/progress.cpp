#include "bot/progress.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "base/unavailable.hpp"
#include "bot/button.hpp"
#include "bot/placement.hpp"
#include "bot/removal.hpp"
#include "texts/plural.hpp"
#include "texts/render.hpp"

namespace mlbilling::bot {
namespace {

/// A chat action fades after 5 s (telegram.md 1.4).
constexpr Duration action_lasts{4'500};
/// After these spans the status message says how long it has taken; the last one repeats. Few,
/// because edits count against the flood limits too (telegram.md 2).
constexpr Duration rewrite_after[] = {Duration(10'000), Duration(20'000), Duration(60'000)};

std::string status_text(Language language, const TaskRecord& task) {
    const auto units = task.units_claimed.value();
    const auto credits = counted(language, task.held);
    if (task.type == TaskType::text)
        return render(
            language, TextId::progress_text,
            {{"characters", counted(language, Noun::character, units)}, {"credits", credits}});
    if (units == 0) return render(language, TextId::progress_voice_unknown);
    return render(language, TextId::progress_voice,
                  {{"duration", clock_time(Duration(units))}, {"credits", credits}});
}

/// Says that a call which touches the status message is under way, until the end of its scope.
class Busy {
  public:
    explicit Busy(Event idle) : idle_(std::move(idle)) { idle_.reset(); }
    ~Busy() { idle_.set(); }
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;

  private:
    Event idle_;
};

}  // namespace

void Progress::start(const TaskRecord& task, std::optional<MessageId> topic) {
    if (!task.place || shown_.contains(task.id)) return;
    auto shown = std::make_shared<Shown>();
    shown->task = task;
    shown->chat = task.place->chat;
    shown->topic = topic;
    shown->message = task.status_message;
    shown->started = outside_.clock.now();
    shown->idle.set();
    shown_[task.id] = shown;
    begin_activity(*shown);
    background_.start("progress", show(shown));
}

std::optional<ChatId> Progress::chat_of(const TaskId& task) const {
    const auto found = shown_.find(task);
    if (found == shown_.end()) return std::nullopt;
    return found->second->chat;
}

Event Progress::end(const TaskId& task) {
    const auto found = shown_.find(task);
    if (found == shown_.end()) {
        Event nothing_under_way;
        nothing_under_way.set();
        return nothing_under_way;
    }
    const auto shown = found->second;
    shown_.erase(found);
    shown->over.set();
    end_activity(*shown);
    return shown->idle;
}

void Progress::stop() {
    while (!shown_.empty()) end(TaskId(shown_.begin()->first));
}

void Progress::begin_activity(const Shown& shown) {
    auto& activity = activities_[{shown.chat, shown.topic}];
    if (activity) {
        ++activity->tasks;
        return;
    }
    activity = std::make_shared<Activity>();
    activity->tasks = 1;
    activity->action = shown.task.type == TaskType::text ? telegram::ChatAction::record_voice
                                                         : telegram::ChatAction::typing;
    background_.start("chat action", act({shown.chat, shown.topic}, activity));
}

void Progress::end_activity(const Shown& shown) {
    const auto found = activities_.find({shown.chat, shown.topic});
    if (found == activities_.end() || --found->second->tasks > 0) return;
    found->second->over.set();
    activities_.erase(found);
}

Async<void> Progress::act(Where where, std::shared_ptr<Activity> activity) {
    while (!activity->over.is_set()) {
        const auto outcome = co_await outside_.telegram.send_chat_action(
            where.first, activity->action, where.second);
        auto wait = action_lasts;
        if (!outcome.ok()) {
            const auto failure = outcome.error().failure;
            if (failure == telegram::Failure::forbidden ||
                failure == telegram::Failure::chat_not_found ||
                failure == telegram::Failure::write_forbidden ||
                failure == telegram::Failure::topic_closed)
                co_return;
            wait = std::max(wait, outcome.error().retry_after);
        }
        if (co_await activity->over.wait_within(outside_.clock, wait)) co_return;
    }
}

Async<void> Progress::show(ShownPointer shown) {
    co_await show_steps(shown);
    end(shown->task.id);
    if (shown->message && shown->orphan)
        co_await remove_message(outside_.telegram, outside_.clock, shown->chat, *shown->message);
}

Async<void> Progress::show_steps(ShownPointer shown) {
    auto& clock = outside_.clock;
    if (shown->message) {
        if (!co_await rewrite(shown, false)) co_return;
    } else {
        if (co_await shown->over.wait_within(clock, options_.status_after)) co_return;
        co_await send(shown);
        if (!shown->message || shown->over.is_set()) co_return;
    }
    const auto* wait = std::begin(rewrite_after);
    while (clock.now() - shown->started < options_.task_time_limit) {
        if (co_await shown->over.wait_within(clock, *wait)) co_return;
        if (wait + 1 != std::end(rewrite_after)) ++wait;
        if (!co_await rewrite(shown, true)) co_return;
    }
}

Async<void> Progress::send(ShownPointer shown) {
    const Busy busy(shown->idle);
    co_await look_again(shown);
    if (shown->over.is_set()) co_return;
    const auto outcome = co_await send_status(shown);
    if (!outcome.ok()) {
        log::debug("no status message", {{"error", outcome.error().description}});
        co_return;
    }
    shown->message = outcome->id;
    const auto standing = co_await store_message(shown);
    // The end of the task was faster.
    shown->orphan = standing == StatusMessage::unwanted;
    if (standing != StatusMessage::shown) shown->over.set();
}

Async<telegram::Outcome<telegram::SentMessage>> Progress::send_status(ShownPointer shown) {
    Placement place(shown->chat, shown->task.place->message, shown->topic);
    while (true) {
        telegram::OutgoingText text;
        text.chat = place.chat();
        text.topic = place.topic();
        text.reply_to = place.reply_to();
        text.text = status_text(shown->language, shown->task);
        text.keyboard = keyboard(*shown);
        text.silent = true;
        auto outcome = co_await outside_.telegram.send_message(std::move(text));
        if (outcome.ok() || !place.give_way(outcome.error().failure)) co_return outcome;
    }
}

Async<StatusMessage> Progress::store_message(ShownPointer shown) {
    try {
        co_return co_await outside_.deliveries.set_status_message(shown->task.id, *shown->message);
    } catch (const Unavailable& error) {
        // It may have been stored. To remove the message then could remove the result that replaces
        // it, so at worst it stays.
        log::debug("a status message may be unknown", {{"error", error.what()}});
        co_return StatusMessage::shown;
    }
}

Async<bool> Progress::rewrite(ShownPointer shown, bool with_time) {
    const Busy busy(shown->idle);
    co_await look_again(shown);
    // Asks whether the result has been claimed, perhaps by another process: then it is not ours to
    // touch.
    const auto standing = co_await store_message(shown);
    if (standing != StatusMessage::shown || shown->over.is_set()) co_return false;
    auto text = status_text(shown->language, shown->task);
    if (with_time) {
        const auto elapsed = clock_time(outside_.clock.now() - shown->started);
        text = render(shown->language, TextId::progress_elapsed,
                      {{"what", text}, {"elapsed", elapsed}});
    }
    const auto outcome = co_await outside_.telegram.edit_message_text(
        shown->chat, *shown->message, std::move(text), keyboard(*shown));
    if (!outcome.ok())
        log::debug("a status message is not rewritten", {{"error", outcome.error().description}});
    co_return true;
}

Async<void> Progress::look_again(ShownPointer shown) {
    try {
        if (const auto profile = co_await outside_.intake.profile(shown->task.telegram))
            shown->language = profile->settings.language;
        if (const auto task = co_await outside_.intake.find_task(shown->task.id))
            shown->task.status = task->status;
    } catch (const Unavailable& error) {
        log::debug("a status message shows what was known before", {{"error", error.what()}});
    }
}

telegram::Keyboard Progress::keyboard(const Shown& shown) const {
    if (shown.task.status != TaskStatus::created) return {};
    return {
        {{render(shown.language, TextId::button_cancel), button_data(CancelTask{shown.task.id})}}};
}

}  // namespace mlbilling::bot
