#include "simulation/auditor.hpp"

#include <algorithm>
#include <map>

#include "support/run.hpp"

namespace mlbilling::simulation {
namespace {

/// At most two copies of one message: one ambiguous end, one repetition (design.md, Nothing is
/// lost).
constexpr int most_copies = 2;

template <class T>
T ask(Async<T> question) {
    boost::asio::io_context loop(1);
    return test::run(loop, std::move(question));
}

/// "12 characters · 2 credits" or "Listening…": work goes on, which is no answer yet.
bool is_status(const ShownMessage& message) {
    const auto& text = message.text;
    const bool is_price =
        text.find(" · ") != std::string::npos && text.find(" credit") != std::string::npos;
    // Nor is the word that the starting grant will come later.
    const bool is_grant = text.find(" UTC (") != std::string::npos;
    return message.file.empty() && (is_price || is_grant || text.starts_with("Listening"));
}

}  // namespace

void Auditor::complain(const Act& act, const std::string& what) {
    complaints_.push_back("user " + std::to_string(act.user.value()) + " message " +
                          (act.message ? std::to_string(act.message->value()) : "-") + " '" +
                          act.content.substr(0, 24) + "': " + what);
}

std::vector<std::string> Auditor::complaints() {
    given_up_ = ask(store_.failed_deliveries(10'000));
    audit_books();
    for (const auto user : script_.users()) audit_user(user);
    for (const auto& act : script_.acts()) audit_answers(act);
    audit_producer();
    return complaints_;
}

void Auditor::audit_books() {
    for (const auto& violation : ask(store_.verify()))
        complaints_.push_back("books: " + violation.invariant + " (" + violation.subject + ")");
    const auto sums = ask(store_.statistics());
    if (sums.held_total != 0) complaints_.push_back("credits stay held for ever");
    if (sums.tasks_created + sums.tasks_processing != 0) complaints_.push_back("a task never ends");
    if (sums.outbox_rows != 0) complaints_.push_back("a message never leaves the outbox");
    if (sums.undelivered != 0) complaints_.push_back("an answer is never delivered");
}

void Auditor::audit_user(TelegramId user) {
    const auto profile = ask(store_.find_user(user));
    if (!profile) return;
    std::map<std::string, int> completed_by_task;
    std::int64_t charged = 0;
    for (const auto& id : ask(store_.newest_tasks(user, 10'000))) {
        const auto story = ask(store_.story(id));
        if (!story) continue;
        std::int64_t of_task = 0;
        for (const auto& row : story->transactions) of_task -= row.amount.value();
        charged += of_task;
        if (of_task != 0 && story->task.status != TaskStatus::completed)
            complaints_.push_back("task " + id.value() + ": charged without a result");
        audit_charge(*story, of_task);
        if (story->task.status != TaskStatus::completed) continue;
        for (const auto& act : script_.acts())
            if (act.user == user && act.content == story->task.payload.data) {
                audit_cost(act, *story);
                break;
            }
    }
    if (profile->account.balance.value() != script_.start_balance() - charged)
        complaints_.push_back("user " + std::to_string(user.value()) +
                              ": the balance is not the grant less the charges");
}

bool Auditor::was_refused(const TaskStory& story) const {
    const auto chat = telegram_.chats().find(story.task.telegram.value());
    const bool no_files = chat != telegram_.chats().end() && chat->second.takes_no_files;
    const bool dead = std::any_of(story.deliveries.begin(), story.deliveries.end(),
                                  [](const auto& delivery) { return delivery.state == "dead"; });
    return no_files && dead && !chat->second.blocked && story.task.type == TaskType::text &&
           story.task.status == TaskStatus::completed;
}

/// A result that the chat refused is told of in a message of its own. The task may have another
/// name than the message: a question's, or one with a suffix.
bool Auditor::was_paid_back(const Act& act) {
    for (const auto& id : ask(store_.newest_tasks(act.user, 10'000))) {
        const auto story = ask(store_.story(id));
        if (story && story->task.place && story->task.payload.data == act.content &&
            was_refused(*story))
            return true;
    }
    return false;
}

/// What a chat refused for good is paid back: nobody pays for what never arrived.
void Auditor::audit_charge(const TaskStory& story, std::int64_t charged) {
    const auto cost = story.task.cost ? story.task.cost->value() : 0;
    if (!was_refused(story)) {
        if (charged != cost)
            complaints_.push_back("task " + story.task.id.value() +
                                  ": its cost is not what was charged");
        return;
    }
    if (charged != 0)
        complaints_.push_back("task " + story.task.id.value() +
                              ": paid, refused by its chat and not paid back");
}

void Auditor::audit_cost(const Act& act, const TaskStory& story) {
    const auto cost = story.task.cost->value();
    const auto half = (act.price + 1) / 2;
    if (act.price == 0) complain(act, "charged for nothing");
    if (cost != act.price && !(story.task.cached && cost == half))
        complain(act, "cost " + std::to_string(cost) + " instead of " + std::to_string(act.price));
}

void Auditor::audit_producer() {
    for (const auto& complaint : producer_.complaints()) complaints_.push_back(complaint);
    std::map<std::string, int> tasks;
    for (const auto& id : ask(store_.newest_tasks(std::nullopt, 100'000))) {
        const auto story = ask(store_.story(id));
        if (!story || story->task.place) continue;
        for (const auto& asked : producer_.asked())
            if (asked.text == story->task.payload.data && asked.user != story->task.telegram)
                complaints_.push_back("another user paid for a producer's " + asked.text);
        if (++tasks[story->task.payload.data] > 1)
            complaints_.push_back("a producer's task was done twice: " + story->task.payload.data);
    }
}

std::string Auditor::what_the_service_says(const Act& act) {
    const TaskId task(std::to_string(act.user.value()) + "_" +
                      std::to_string(act.message->value()));
    const auto story = ask(store_.story(task));
    if (!story) return ", and there is no such task";
    std::string text = ", the task is " + std::string(to_string(story->task.status)) + " (" +
                       std::string(to_string(story->task.failure)) + ")";
    for (const auto& delivery : story->deliveries)
        text += ", delivery " + delivery.state + " attempt " + std::to_string(delivery.attempt);
    const auto& chat = telegram_.chats().at(act.user.value());
    for (const auto& [id, message] : chat.messages)
        if (message.reply_to == act.message)
            text += "; the chat shows " + std::to_string(id) +
                    (message.deleted ? " (deleted)" : "") + (message.edits > 0 ? " (edited)" : "") +
                    (is_status(message) ? " (status)" : "");
    for (const auto& delivery : given_up_)
        if (delivery.chat.value() == act.user.value())
            text += "; given up " + delivery.state + " to " +
                    (delivery.reply_to ? std::to_string(delivery.reply_to->value()) : "-") + " " +
                    delivery.detail;
    return text;
}

void Auditor::audit_answers(const Act& act) {
    if (!act.message) return complain(act, "was never sent");
    const auto& chat = telegram_.chats().at(act.user.value());
    if (chat.blocked) return;
    std::map<std::string, int> copies;
    int answers = 0;
    for (const auto& [id, message] : chat.messages) {
        if (!message.from_bot || message.reply_to != act.message) continue;
        if (is_status(message)) continue;
        // One that was removed again cost no credits and is not in the way.
        if (!message.deleted) {
            ++answers;
            if (++copies[message.text + message.file] > most_copies)
                complain(act, "got more than two copies of one answer");
        }
        const bool voice_of_another = act.kind == Act::Kind::text && !message.file.empty() &&
                                      message.file != "ogg:" + act.content &&
                                      message.file != "file-ogg:" + act.content;
        if (voice_of_another) complain(act, "got another message's voice: " + message.file);
        const auto heard = message.text.find("heard ");
        if (act.kind == Act::Kind::voice && heard != std::string::npos &&
            message.text.compare(heard + 6, act.content.size(), act.content) != 0)
            complain(act, "got another recording's transcript");
    }
    if (answers > 0) return;
    // Two ambiguous ends in the send window of the answer, and two more in that of the notice which
    // says so (reliability.md 4.2, row 22). Nothing else excuses silence.
    const bool excused =
        was_paid_back(act) ||
        std::any_of(given_up_.begin(), given_up_.end(), [&act](const auto& delivery) {
            return delivery.state == "unknown" && delivery.kind == Notice::Kind::answer_uncertain &&
                   delivery.chat.value() == act.user.value() && delivery.reply_to == act.message;
        });
    if (!excused) complain(act, "was never answered" + what_the_service_says(act));
}

}  // namespace mlbilling::simulation
