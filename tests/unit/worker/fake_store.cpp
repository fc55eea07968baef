#include "fake_store.hpp"

#include <stdexcept>

#include "base/unavailable.hpp"

namespace mlbilling::test {

Price price_of(TaskType type) {
    Price price;
    price.type = type;
    price.micro_credits_per_unit = type == TaskType::text ? 100'000 : 500'000;
    price.min_credits = Credits(1);
    return price;
}

TaskRecord& FakeStore::add(const std::string& id, TaskType type, std::string data, Credits held) {
    TaskRecord task;
    task.id = TaskId(id);
    task.telegram = TelegramId(1);
    task.type = type;
    task.payload.data = std::move(data);
    task.payload.voice = "slt";
    task.payload.spoken_language = "en";
    task.held = held;
    task.price = price_of(type);
    task.reply_to = "replies.bot";
    task.place = Place{ChatId(1), MessageId(2)};
    task.created_at = clock_.now();
    task.deadline_at = clock_.now() + Duration(3'600'000);
    return tasks[task.id] = task;
}

Credits FakeStore::held_by(TelegramId user) const {
    Credits held;
    for (const auto& [id, task] : tasks)
        if (task.telegram == user && !is_final(task.status)) held = held + task.held;
    return held;
}

Async<void> FakeStore::before(std::string method) {
    ++calls[method];
    co_await clock_.sleep(Duration(1));
    if (fail_before[method] > 0) {
        --fail_before[method];
        throw Unavailable("the store is down: " + method);
    }
}

void FakeStore::after(const std::string& method) {
    if (fail_after[method] <= 0) return;
    --fail_after[method];
    throw Unavailable("the store's answer is lost: " + method);
}

TaskRecord* FakeStore::leased(const TaskId& task, Epoch epoch) {
    const auto found = tasks.find(task);
    if (found == tasks.end()) return nullptr;
    auto& record = found->second;
    return record.status == TaskStatus::processing && record.epoch == epoch ? &record : nullptr;
}

void FakeStore::note(const std::string& what, const TaskRecord& task, Credits amount) {
    book.push_back(what + ' ' + task.id.value() + ' ' + std::to_string(amount.value()));
}

Async<LeaseOutcome> FakeStore::lease(TaskId task, std::string, Duration lease_for) {
    co_await before("lease");
    const auto found = tasks.find(task);
    if (found == tasks.end()) co_return NotLeased{std::nullopt};
    auto& record = found->second;
    const auto now = clock_.now();
    const bool waits = record.next_attempt_at && *record.next_attempt_at > now;
    const bool busy = record.status == TaskStatus::processing && *record.leased_until > now;
    if (is_final(record.status) || waits || busy) co_return NotLeased{record};
    record.status = TaskStatus::processing;
    record.attempt += 1;
    record.epoch = Epoch(record.epoch.value() + 1);
    record.leased_until = now + lease_for;
    const Leased outcome{record, operations[task]};
    after("lease");
    co_return outcome;
}

Async<bool> FakeStore::extend_lease(TaskId task, Epoch epoch, Duration lease_for) {
    co_await before("extend_lease");
    auto* record = leased(task, epoch);
    if (record == nullptr) co_return false;
    record->leased_until = clock_.now() + lease_for;
    co_return true;
}

Async<bool> FakeStore::record_operation(TaskId task, Epoch epoch, std::string operation) {
    co_await before("record_operation");
    if (leased(task, epoch) == nullptr) co_return false;
    operations[task] = std::move(operation);
    co_return true;
}

Async<AdjustOutcome> FakeStore::adjust_hold(TaskId task, Epoch epoch, Units, Credits price) {
    co_await before("adjust_hold");
    auto* record = leased(task, epoch);
    if (record == nullptr) co_return Fenced{};
    const Account account{balances[record->telegram], held_by(record->telegram)};
    if (account.available() < price - record->held)
        co_return Insufficient{price, account, std::nullopt};
    record->held = price;
    note("hold", *record, price);
    co_return Adjusted{account};
}

Async<std::optional<TaskResult>> FakeStore::find_cached(std::string cache_key) {
    co_await before("find_cached");
    const auto found = cache.find(cache_key);
    if (found == cache.end()) co_return std::nullopt;
    co_return found->second;
}

Settled FakeStore::settled(TaskRecord& task, TaskStatus status) {
    task.status = status;
    task.leased_until.reset();
    if (is_final(status)) task.finished_at = clock_.now();
    Settled outcome{task, {}, std::nullopt};
    if (is_final(status) && !task.place && !task.reply_to.empty()) {
        outcome.reply = OutboxRecord{OutboxId(next_outbox_++), OutboxRecord::Kind::reply, task};
        outbox.push_back(*outcome.reply);
    }
    return outcome;
}

void FakeStore::spend(TaskRecord& task, const Spending& spending) {
    if (!spending.provider.empty()) task.provider = spending.provider;
    task.provider_cost = MicroRoubles(task.provider_cost.value() + spending.cost.value());
}

Async<SettleOutcome> FakeStore::complete(Completion completion) {
    co_await before("complete");
    auto* task = leased(completion.task, completion.epoch);
    if (task == nullptr) co_return Fenced{};
    if (completion.charge > task->held) throw std::logic_error("charged above the hold");
    task->cost = completion.charge;
    task->cached = completion.cached;
    task->units_measured = completion.measured;
    task->result = completion.result;
    spend(*task, completion.spending);
    if (!completion.cache_key.empty()) cache[completion.cache_key] = completion.result;
    balances[task->telegram] = balances[task->telegram] - completion.charge;
    note("charge", *task, completion.charge);
    const auto outcome = settled(*task, TaskStatus::completed);
    after("complete");
    co_return outcome;
}

Async<SettleOutcome> FakeStore::fail(TaskId id, Epoch epoch, FailureReason reason,
                                     std::optional<Units> measured, Spending spending) {
    co_await before("fail");
    auto* task = leased(id, epoch);
    if (task == nullptr) co_return Fenced{};
    spend(*task, spending);
    task->failure = reason;
    task->units_measured = measured;
    note("release", *task, task->held);
    co_return settled(*task, TaskStatus::error);
}

Async<SettleOutcome> FakeStore::retry(TaskId id, Epoch epoch, Time next_attempt_at,
                                      Spending spending) {
    co_await before("retry");
    auto* task = leased(id, epoch);
    if (task == nullptr) co_return Fenced{};
    spend(*task, spending);
    task->next_attempt_at = next_attempt_at;
    co_return settled(*task, TaskStatus::created);
}

Async<SettleOutcome> FakeStore::await_operation(TaskId id, Epoch epoch, Time next_attempt_at,
                                                Spending spending) {
    co_await before("await_operation");
    auto* task = leased(id, epoch);
    if (task == nullptr) co_return Fenced{};
    spend(*task, spending);
    task->next_attempt_at = next_attempt_at;
    --task->attempt;
    co_return settled(*task, TaskStatus::created);
}

std::pair<TaskId, TaskRecord*> FakeStore::place_of(const TaskRequest& request) {
    auto id = request.id;
    for (int nth = 2;; ++nth) {
        const auto found = tasks.find(id);
        if (found == tasks.end()) return {id, nullptr};
        auto& task = found->second;
        const bool is_copy = task.place && id == request.id && task.reply_to == request.reply_to;
        const bool is_own = !task.place && task.payload.asked_as == request.id.value();
        if (task.telegram == request.sender.telegram && (is_copy || is_own)) return {id, &task};
        id = TaskId(request.id.value() + '.' + std::to_string(nth));
    }
}

Async<SettleOutcome> FakeStore::await_turn(TurnAwaited wait) {
    if (auto* task = leased(wait.task, wait.epoch)) {
        task->deadline_at += wait.turn_at - clock_.now();
        if (wait.ready_at) told.emplace_back(wait.task, *wait.ready_at);
    }
    co_return co_await await_operation(wait.task, wait.epoch, wait.turn_at, wait.spending);
}

Async<TaskOutcome> FakeStore::accept(TaskRequest request) {
    co_await before("accept");
    const auto [id, known] = place_of(request);
    if (known != nullptr) co_return AlreadyKnown{*known};
    const auto user = request.sender.telegram;
    if (banned.contains(user)) co_return Refused{std::nullopt};
    balances.try_emplace(user, request.start.credits);
    const Account account{balances[user], held_by(user)};
    const auto price = *cost_of(price_of(request.type), request.claimed);
    if (account.available() < price) co_return Insufficient{price, account, std::nullopt};
    auto& task = add(id.value(), request.type, request.data, price);
    task.payload.asked_as = request.id.value();
    task.payload.correlation = request.correlation;
    task.telegram = user;
    task.place = request.place;
    task.reply_to = request.reply_to;
    task.deadline_at = clock_.now() + request.time_limit;
    outbox.push_back(OutboxRecord{OutboxId(next_outbox_++), OutboxRecord::Kind::task, task});
    const Accepted outcome{task, account, outbox.back()};
    after("accept");
    co_return outcome;
}

Async<std::vector<OutboxRecord>> FakeStore::take_outbox(int limit, Duration) {
    co_await before("take_outbox");
    const auto count = std::min(outbox.size(), static_cast<std::size_t>(limit));
    co_return std::vector<OutboxRecord>(outbox.begin(),
                                        outbox.begin() + static_cast<std::ptrdiff_t>(count));
}

Async<void> FakeStore::published(std::vector<OutboxId> ids) {
    co_await before("published");
    for (const auto id : ids) std::erase_if(outbox, [&](const auto& row) { return row.id == id; });
}

Async<void> FakeStore::not_published(std::vector<OutboxId>) { co_await before("not_published"); }

Async<SweepReport> FakeStore::sweep(SweepPolicy) {
    co_await before("sweep");
    co_return SweepReport{};
}

// What a worker never calls.
Async<TaskOutcome> FakeStore::accept_proposal(ProposalRequest) {
    throw std::logic_error("not the worker's");
}
Async<AnswerOutcome> FakeStore::answer(AnswerRequest) {
    throw std::logic_error("not the worker's");
}
Async<AnswerOutcome> FakeStore::change_settings(AnswerRequest, SettingsChange) {
    throw std::logic_error("not the worker's");
}
Async<CancelOutcome> FakeStore::cancel(AnswerRequest, std::optional<TaskId>) {
    throw std::logic_error("not the worker's");
}
Async<std::optional<Profile>> FakeStore::profile(TelegramId user) {
    co_await before("profile");
    const auto found = balances.find(user);
    if (found == balances.end()) co_return std::nullopt;
    Profile profile;
    profile.telegram = user;
    profile.account = {found->second, held_by(user)};
    co_return profile;
}
Async<std::optional<TaskRecord>> FakeStore::find_task(TaskId) {
    throw std::logic_error("not the worker's");
}
Async<std::optional<TaskRecord>> FakeStore::find_asked(BotId, ChatId, MessageId) {
    throw std::logic_error("not the worker's");
}
Async<std::vector<HistoryLine>> FakeStore::history(TelegramId, std::optional<std::int64_t>, int) {
    throw std::logic_error("not the worker's");
}
Async<std::vector<Price>> FakeStore::current_prices() {
    throw std::logic_error("not the worker's");
}

}  // namespace mlbilling::test
