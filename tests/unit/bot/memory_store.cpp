#include "memory_store.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/unavailable.hpp"

namespace mlbilling::test {
namespace {

Price price(TaskType type, std::int64_t micro) {
    Price price;
    price.id = PriceId(type == TaskType::text ? 1 : 2);
    price.type = type;
    price.micro_credits_per_unit = micro;
    price.min_credits = Credits(1);
    return price;
}

}  // namespace

MemoryStore::MemoryStore(Clock& clock)
    : prices{price(TaskType::text, 100'000), price(TaskType::voice, 500'000)}, clock_(clock) {}

void MemoryStore::throw_if(std::map<std::string, int>& failing, const std::string& method) {
    auto& times = failing[method];
    if (times == 0) return;
    --times;
    throw Unavailable("scripted " + method);
}

Profile& MemoryStore::add_user(TelegramId id, Language language, int balance) {
    auto& user = users[id];
    user.id = UserId(id.value());
    user.telegram = id;
    user.settings.language = language;
    user.account.balance = Credits(balance);
    return user;
}

bool MemoryStore::is_repeated(const UpdateKey& update) {
    return !inbox_.insert({update.bot, update.update}).second;
}

Profile& MemoryStore::register_sender(const Sender& sender, Credits start, bool* is_new) {
    const bool unknown = !users.contains(sender.telegram);
    if (is_new != nullptr) *is_new = unknown;
    if (!unknown) return users[sender.telegram];
    return add_user(sender.telegram, sender.language, static_cast<int>(start.value()));
}

DeliveryRow& MemoryStore::make_due(TelegramId user, ChatId chat, Notice notice) {
    DeliveryRow row;
    row.id = DeliveryId(static_cast<std::int64_t>(deliveries.size()) + 1);
    row.user = user;
    row.chat = chat;
    row.notice = std::move(notice);
    deliveries.push_back(std::move(row));
    return deliveries.back();
}

DeliveryId MemoryStore::notify(const AnswerRequest& request, Notice notice) {
    auto& row = make_due(request.sender.telegram, request.place.chat, std::move(notice));
    row.reply_to = request.place.message;
    row.edit = request.edit;
    return row.id;
}

TaskOutcome MemoryStore::begin(const TaskRequest& request, Profile& user, Credits held,
                               std::optional<MessageId> status_message) {
    const auto account = hold(user.account, held);
    if (!account) {
        auto& due = make_due(user.telegram, request.place->chat, {Notice::Kind::insufficient, {}});
        due.reply_to = request.place->message;
        due.notice.facts = {{"price", std::to_string(held.value())},
                            {"balance", std::to_string(user.account.balance.value())},
                            {"held", std::to_string(user.account.held.value())},
                            {"type", std::string(to_string(request.type))}};
        return Insufficient{held, user.account, due.id};
    }
    user.account = *account;
    TaskRecord task;
    task.id = request.id;
    task.user = user.id;
    task.telegram = user.telegram;
    task.type = request.type;
    task.payload.data = request.data;
    task.payload.reply_format = user.settings.reply_format;
    task.held = held;
    task.units_claimed = request.claimed;
    task.price = prices[request.type == TaskType::text ? 0 : 1];
    task.reply_to = request.reply_to;
    task.place = request.place;
    task.status_message = status_message;
    tasks[task.id] = task;
    const OutboxId outbox_id(static_cast<std::int64_t>(tasks.size()));
    outbox.insert(outbox_id);
    return Accepted{task, user.account, {outbox_id, OutboxRecord::Kind::task, task}};
}

Async<TaskOutcome> MemoryStore::accept(TaskRequest request) {
    throw_if(failing_before_, "accept");
    ++transactions;
    if (is_repeated(*request.update)) co_return AlreadyKnown{};
    if (const auto known = tasks.find(request.id); known != tasks.end()) {
        if (known->second.telegram == request.sender.telegram)
            co_return AlreadyKnown{known->second};
        request.id = TaskId(request.id.value() + ".2");
    }
    requests.push_back(request);
    auto& user = register_sender(request.sender, request.start.credits);
    TaskOutcome outcome;
    const auto cost = *cost_of(prices[request.type == TaskType::text ? 0 : 1], request.claimed);
    if (user.role == Role::banned) {
        outcome =
            Refused{make_due(user.telegram, request.place->chat, {Notice::Kind::banned, {}}).id};
    } else if (request.ask_above && cost > *request.ask_above) {
        const ProposalId id(static_cast<std::int64_t>(proposals_.size()) + 1);
        proposals_[id] = {request, cost};
        auto& due = make_due(user.telegram, request.place->chat, {Notice::Kind::proposal, {}});
        due.reply_to = request.place->message;
        due.notice.facts = {{"proposal", std::to_string(id.value())},
                            {"price", std::to_string(cost.value())},
                            {"units", std::to_string(request.claimed.value())},
                            {"type", std::string(to_string(request.type))},
                            {"balance", std::to_string(user.account.balance.value())},
                            {"held", std::to_string(user.account.held.value())}};
        outcome = Proposed{due.id};
    } else {
        outcome = begin(request, user, cost, std::nullopt);
    }
    throw_if(failing_after_, "accept");
    co_return outcome;
}

Async<TaskOutcome> MemoryStore::accept_proposal(ProposalRequest request) {
    ++transactions;
    if (is_repeated(request.update)) co_return AlreadyKnown{};
    const TaskId id(std::to_string(request.chat.value()) + "_" +
                    std::to_string(request.prompt.value()));
    if (const auto known = tasks.find(id); known != tasks.end())
        co_return AlreadyKnown{known->second};
    const auto found = proposals_.find(request.proposal);
    if (found == proposals_.end() ||
        found->second.request.sender.telegram != request.sender.telegram) {
        auto& due =
            make_due(request.sender.telegram, request.chat, {Notice::Kind::proposal_gone, {}});
        due.edit = request.prompt;
        co_return Refused{due.id};
    }
    const auto proposal = found->second;
    proposals_.erase(found);
    auto task = proposal.request;
    task.id = id;
    co_return begin(task, users[request.sender.telegram], proposal.price, request.prompt);
}

Async<AnswerOutcome> MemoryStore::answer(AnswerRequest request) {
    return change_settings(std::move(request), {});
}

Async<AnswerOutcome> MemoryStore::change_settings(AnswerRequest request, SettingsChange change) {
    throw_if(failing_before_, "answer");
    ++transactions;
    if (is_repeated(request.update)) co_return std::nullopt;
    bool is_new = false;
    auto& user = register_sender(request.sender, request.start.credits, &is_new);
    auto notice = request.notice;
    if (notice.kind == Notice::Kind::welcome && is_new)
        notice.facts["granted"] = std::to_string(request.start.credits.value());
    auto& settings = user.settings;
    settings.language = change.language.value_or(settings.language);
    settings.voice = change.voice.value_or(settings.voice);
    settings.speed_percent = change.speed_percent.value_or(settings.speed_percent);
    settings.reply_format = change.reply_format.value_or(settings.reply_format);
    settings.spoken_language = change.spoken_language.value_or(settings.spoken_language);
    const auto id = notify(request, std::move(notice));
    throw_if(failing_after_, "answer");
    co_return id;
}

Async<CancelOutcome> MemoryStore::cancel(AnswerRequest request, std::optional<TaskId> task) {
    ++transactions;
    if (is_repeated(request.update)) co_return CancelOutcome{};
    auto& user = register_sender(request.sender, request.start.credits);
    for (auto& [id, record] : tasks) {
        if (record.telegram != user.telegram || record.status != TaskStatus::created) continue;
        if (task && *task != id) continue;
        record.status = TaskStatus::cancelled;
        user.account.held = user.account.held - record.held;
        Notice notice{Notice::Kind::cancelled, {{"credits", std::to_string(record.held.value())}}};
        const auto answer = notify(request, std::move(notice));
        deliveries.back().task = id;
        co_return CancelOutcome{answer, id};
    }
    request.edit.reset();
    co_return CancelOutcome{notify(request, {Notice::Kind::not_cancellable, {}}), std::nullopt};
}

Async<std::optional<Profile>> MemoryStore::profile(TelegramId user) {
    throw_if(failing_before_, "profile");
    const auto found = users.find(user);
    co_return found == users.end() ? std::nullopt : std::optional(found->second);
}

Async<std::optional<TaskRecord>> MemoryStore::find_task(TaskId task) {
    throw_if(failing_before_, "find_task");
    const auto found = tasks.find(task);
    co_return found == tasks.end() ? std::nullopt : std::optional(found->second);
}

Async<std::optional<TaskRecord>> MemoryStore::find_asked(BotId, ChatId chat, MessageId message) {
    const TaskId id(std::to_string(chat.value()) + "_" + std::to_string(message.value()));
    const auto found = tasks.find(id);
    co_return found == tasks.end() ? std::nullopt : std::optional(found->second);
}

Async<std::vector<HistoryLine>> MemoryStore::history(TelegramId, std::optional<std::int64_t> before,
                                                     int) {
    history_before = before;
    co_return lines;
}

Async<std::vector<Price>> MemoryStore::current_prices() {
    throw_if(failing_before_, "current_prices");
    co_return prices;
}

TaskRecord& MemoryStore::add_finished(TaskRecord task) {
    auto& kept = tasks[task.id] = std::move(task);
    auto& due = make_due(kept.telegram, kept.place->chat, {Notice::Kind::task_result, {}});
    due.reply_to = kept.place->message;
    due.task = kept.id;
    return kept;
}

void MemoryStore::complete(const TaskId& id, TaskResult result, int cost, bool cached) {
    auto task = tasks.at(id);
    task.status = TaskStatus::completed;
    task.result = std::move(result);
    task.cost = Credits(cost);
    task.cached = cached;
    task.provider = "local";
    auto& account = users.at(task.telegram).account;
    account = resolve(account, task.held, Credits(cost));
    add_finished(std::move(task));
}

void MemoryStore::fail(const TaskId& id, FailureReason reason) {
    auto task = tasks.at(id);
    task.status = TaskStatus::error;
    task.failure = reason;
    auto& account = users.at(task.telegram).account;
    account = resolve(account, task.held, Credits());
    add_finished(std::move(task));
}

DeliveryRow& MemoryStore::delivery_of(const TaskId& task) {
    for (auto& row : deliveries)
        if (row.task == task) return row;
    throw std::logic_error("no delivery of that task");
}

Async<std::vector<OutboxRecord>> MemoryStore::take_outbox(int, Duration) {
    co_return std::vector<OutboxRecord>();
}
Async<void> MemoryStore::published(std::vector<OutboxId> ids) {
    for (const auto id : ids) outbox.erase(id);
    co_return;
}
Async<void> MemoryStore::not_published(std::vector<OutboxId>) { co_return; }
Async<SweepReport> MemoryStore::sweep(SweepPolicy) { co_return SweepReport(); }

}  // namespace mlbilling::test
