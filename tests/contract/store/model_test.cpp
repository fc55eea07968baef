// Random sequences of operations against an independent model of the ledger.
#include <rapidcheck.h>

#include <sstream>

#include "ledger_model.hpp"
#include "store_contract.hpp"

namespace mlbilling::test {
namespace {

/// One operation with whatever arguments it needs; small ranges, so that the steps meet each other.
struct Step {
    enum class Kind {
        accept,
        lease,
        complete,
        complete_stale,
        fail,
        retry,
        adjust,
        cancel,
        correct,
        refund,
        wait,
        sweep,
        relay,
        change_price,
        deliver
    };
    static constexpr int kinds = 15;
    Kind kind = Kind::accept;
    std::int64_t user = 0;
    std::int64_t task = 0;
    std::int64_t amount = 0;
};

std::ostream& operator<<(std::ostream& out, const Step& step) {
    return out << "{" << static_cast<int>(step.kind) << ", user " << step.user << ", task "
               << step.task << ", " << step.amount << "}";
}

rc::Gen<Step> any_step() {
    return rc::gen::apply(
        [](int kind, std::int64_t user, std::int64_t task, std::int64_t amount) {
            return Step{static_cast<Step::Kind>(kind), user, task, amount};
        },
        rc::gen::weightedOneOf<int>({{3, rc::gen::just(0)},
                                     {3, rc::gen::just(1)},
                                     {2, rc::gen::just(2)},
                                     {8, rc::gen::inRange(0, Step::kinds)}}),
        rc::gen::inRange<std::int64_t>(1, 4), rc::gen::inRange<std::int64_t>(1, 9),
        rc::gen::inRange<std::int64_t>(-30, 120));
}

/// The real store and the model, side by side.
class Pair {
  public:
    Pair(const StoreFactory& factory)
        : opened_(factory.open(loop_.get_executor(), clock_)), store_(*opened_.store) {}

    void perform(const Step& step) {
        switch (step.kind) {
            case Step::Kind::accept: return accept(step);
            case Step::Kind::lease: return lease(step);
            case Step::Kind::complete: return complete(step, 0);
            case Step::Kind::complete_stale: return complete(step, 1);
            case Step::Kind::fail: return fail(step);
            case Step::Kind::retry: return retry(step);
            case Step::Kind::adjust: return adjust(step);
            case Step::Kind::cancel:
                return same(model_.cancel(step.task), run(store_.cancel_task(id(step))));
            case Step::Kind::correct: return correct(step);
            case Step::Kind::refund: return refund(step);
            case Step::Kind::wait: return wait(std::abs(step.amount) * 1'000);
            case Step::Kind::sweep: return sweep();
            case Step::Kind::relay: return relay(step);
            case Step::Kind::change_price: return change_price(step);
            case Step::Kind::deliver: return deliver();
        }
    }

    /// The balances are the model's, and the book is in order.
    void compare() {
        for (const auto& [user, expected] : model_.users) {
            const auto account = run(store_.profile(TelegramId(user))).value().account;
            RC_ASSERT(account.balance.value() == expected.balance);
            RC_ASSERT(account.held.value() == expected.held);
        }
        std::ostringstream text;
        for (const auto& violation : run(store_.verify()))
            text << violation.invariant << ": " << violation.subject << '\n';
        RC_ASSERT(text.str() == "");
    }

  private:
    template <class T>
    T run(Async<T> work) {
        return test::run(loop_, std::move(work));
    }
    static void same(bool expected, bool actual) { RC_ASSERT(actual == expected); }
    static TaskId id(const Step& step) { return TaskId(std::to_string(step.task)); }
    std::string new_request() { return "r" + std::to_string(++requests_); }
    std::int64_t epoch(const Step& step) const {
        const auto found = model_.tasks.find(step.task);
        return found == model_.tasks.end() ? 0 : found->second.epoch;
    }

    void accept(const Step& step) {
        TaskRequest request;
        // A name is a user's own: another user's task of that name would be another task.
        const auto user = 1 + step.task % 3;
        request.sender = {TelegramId(user), "", Language::english};
        request.id = id(step);
        request.data = "text";
        request.claimed = Units(std::abs(step.amount));
        if (step.amount % 2 == 0) request.place = Place{ChatId(user), std::nullopt};
        request.reply_to = "replies";
        request.start.credits = Credits(LedgerModel::grant);
        request.time_limit = Duration(LedgerModel::time_limit);
        same(model_.accept(user, step.task, std::abs(step.amount)),
             std::holds_alternative<Accepted>(run(store_.accept(request))));
    }

    void lease(const Step& step) {
        same(model_.take_lease(step.task), std::holds_alternative<Leased>(run(store_.lease(
                                               id(step), "worker", Duration(LedgerModel::lease)))));
    }

    void complete(const Step& step, std::int64_t behind) {
        auto* task = model_.running(step.task, epoch(step) - behind);
        Completion completion;
        completion.task = id(step);
        completion.epoch = Epoch(epoch(step) - behind);
        if (task != nullptr) {
            model_.complete(*task);
            completion.measured = Units(task->units);
            completion.charge = Credits(task->charged);
        }
        same(task != nullptr, std::holds_alternative<Settled>(run(store_.complete(completion))));
    }

    void fail(const Step& step) {
        auto* task = model_.running(step.task, epoch(step));
        if (task != nullptr) model_.release(*task);
        same(task != nullptr, std::holds_alternative<Settled>(run(store_.fail(
                                  id(step), Epoch(epoch(step)), FailureReason::silence, {}, {}))));
    }

    void retry(const Step& step) {
        auto* task = model_.running(step.task, epoch(step));
        const auto due = model_.now + std::abs(step.amount) * 100;
        if (task != nullptr) {
            task->status = LedgerModel::Status::waiting;
            task->not_before = due;
        }
        same(task != nullptr, std::holds_alternative<Settled>(run(store_.retry(
                                  id(step), Epoch(epoch(step)), start_ + Duration(due), {}))));
    }

    void adjust(const Step& step) {
        auto* task = model_.running(step.task, epoch(step));
        const auto units = std::abs(step.amount);
        const auto cost = task == nullptr ? 1 : LedgerModel::price(units, task->rate);
        same(task != nullptr && model_.adjust(*task, units),
             std::holds_alternative<Adjusted>(run(
                 store_.adjust_hold(id(step), Epoch(epoch(step)), Units(units), Credits(cost)))));
    }

    void correct(const Step& step) {
        same(model_.correct(step.user, step.amount),
             std::holds_alternative<TransactionRecord>(
                 run(store_.correct({TelegramId(step.user), Credits(step.amount), "operator",
                                     "test", new_request()}))));
    }

    void refund(const Step& step) {
        const auto amount = step.amount % 8;
        same(model_.refund(step.task, amount),
             std::holds_alternative<TransactionRecord>(
                 run(store_.refund(id(step), Credits(amount), "operator", "test", new_request()))));
    }

    void wait(std::int64_t span) {
        model_.now += span;
        clock_.advance(Duration(span));
    }

    void sweep() {
        model_.sweep();
        SweepPolicy policy;
        policy.max_attempts = LedgerModel::max_attempts;
        run(store_.sweep(policy));
    }

    void relay(const Step& step) {
        std::vector<OutboxId> ids;
        for (const auto& row : run(store_.take_outbox(3, Duration(30'000)))) ids.push_back(row.id);
        test::run(loop_, step.amount % 2 == 0 ? store_.published(ids) : store_.not_published(ids));
    }

    void change_price(const Step& step) {
        Price price;
        price.micro_credits_per_unit = model_.rate = 10'000 * (step.amount + 31);
        price.min_credits = Credits(1);
        run(store_.set_price(price));
    }

    void deliver() {
        for (const auto& due : run(store_.due_deliveries(2))) {
            const auto claimed = run(store_.claim_delivery(due, Duration(10'000)));
            if (claimed)
                run(store_.part_sent(due, claimed->claim, MessageId(1), "", true, Duration(1)));
        }
    }

    boost::asio::io_context loop_;
    VirtualClock clock_{loop_};
    Time start_ = clock_.now();
    OpenStore opened_;
    Store& store_;
    LedgerModel model_;
    int requests_ = 0;
};

TEST_P(StoreContract, AnySequenceOfOperationsKeepsTheBookAsTheModelSays) {
    EXPECT_TRUE(rc::check([] {
        const auto steps = *rc::gen::resize(60, rc::gen::container<std::vector<Step>>(any_step()));
        Pair pair(GetParam());
        for (const auto& step : steps) {
            pair.perform(step);
            pair.compare();
        }
    }));
}

}  // namespace
}  // namespace mlbilling::test
