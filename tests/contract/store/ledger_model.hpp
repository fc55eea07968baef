#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace mlbilling::test {

/// The money rules written a second time, as small as possible and without any of our code: what
/// the balances and holds must be after each step. Times in milliseconds.
class LedgerModel {
  public:
    struct User {
        std::int64_t balance = 0;
        std::int64_t held = 0;
    };
    enum class Status { waiting, running, completed, ended };
    struct Task {
        std::int64_t user = 0;
        Status status = Status::waiting;
        std::int64_t rate = 0;
        std::int64_t units = 0;
        std::int64_t held = 0;
        std::int64_t charged = 0;
        std::int64_t refunded = 0;
        std::int64_t epoch = 0;
        int attempts = 0;
        std::int64_t leased_until = 0;
        std::int64_t not_before = 0;
        std::int64_t deadline = 0;
    };

    static constexpr std::int64_t grant = 20;
    static constexpr std::int64_t lease = 45'000;
    static constexpr std::int64_t time_limit = 300'000;
    static constexpr int max_attempts = 3;

    std::int64_t now = 0;
    /// Millionths of a credit for one character.
    std::int64_t rate = 100'000;
    std::map<std::int64_t, User> users;
    std::map<std::int64_t, Task> tasks;

    static std::int64_t price(std::int64_t units, std::int64_t rate) {
        return std::max<std::int64_t>(1, (units * rate + 999'999) / 1'000'000);
    }

    /// Whether the task is new and its price is held.
    bool accept(std::int64_t user, std::int64_t task, std::int64_t units) {
        if (tasks.contains(task)) return false;
        auto& account = users.try_emplace(user, User{grant, 0}).first->second;
        const auto cost = price(units, rate);
        if (account.balance - account.held < cost) return false;
        account.held += cost;
        tasks[task] = {.user = user,
                       .rate = rate,
                       .units = units,
                       .held = cost,
                       .not_before = now,
                       .deadline = now + time_limit};
        return true;
    }

    bool take_lease(std::int64_t id) {
        const auto found = tasks.find(id);
        if (found == tasks.end()) return false;
        auto& task = found->second;
        const bool waits = task.status == Status::waiting && task.not_before <= now;
        const bool lapsed = task.status == Status::running && task.leased_until <= now;
        if ((!waits && !lapsed) || now >= task.deadline) return false;
        task.status = Status::running;
        task.leased_until = now + lease;
        ++task.epoch;
        ++task.attempts;
        return true;
    }

    /// The task if it runs under the epoch.
    Task* running(std::int64_t id, std::int64_t epoch) {
        const auto found = tasks.find(id);
        if (found == tasks.end() || found->second.status != Status::running) return nullptr;
        return found->second.epoch == epoch ? &found->second : nullptr;
    }

    void complete(Task& task) {
        task.charged = std::min(task.held, price(task.units, task.rate));
        users[task.user].balance -= task.charged;
        resolve(task, Status::completed);
    }
    void release(Task& task) { resolve(task, Status::ended); }

    bool cancel(std::int64_t id) {
        const auto found = tasks.find(id);
        if (found == tasks.end() || found->second.status != Status::waiting) return false;
        release(found->second);
        return true;
    }

    bool adjust(Task& task, std::int64_t units) {
        auto& account = users[task.user];
        const auto cost = price(units, task.rate);
        if (account.balance - account.held + task.held < cost) return false;
        account.held += cost - task.held;
        task.held = cost;
        task.units = units;
        return true;
    }

    bool correct(std::int64_t user, std::int64_t amount) {
        const auto found = users.find(user);
        if (found == users.end() || amount == 0) return false;
        if (found->second.balance + amount < found->second.held) return false;
        found->second.balance += amount;
        return true;
    }

    bool refund(std::int64_t id, std::int64_t amount) {
        const auto found = tasks.find(id);
        if (found == tasks.end() || amount <= 0) return false;
        auto& task = found->second;
        if (task.refunded + amount > task.charged) return false;
        task.refunded += amount;
        users[task.user].balance += amount;
        return true;
    }

    void sweep() {
        for (auto& [id, task] : tasks) {
            if (task.status == Status::running && task.leased_until <= now) {
                if (task.attempts >= max_attempts || now >= task.deadline) {
                    release(task);
                } else {
                    task.status = Status::waiting;
                    task.not_before = now;
                }
            } else if (task.status == Status::waiting && task.deadline <= now) {
                release(task);
            }
        }
    }

  private:
    void resolve(Task& task, Status status) {
        users[task.user].held -= task.held;
        task.status = status;
    }
};

}  // namespace mlbilling::test
