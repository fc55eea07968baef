#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ports/store/store.hpp"
#include "support/run.hpp"
#include "support/virtual_clock.hpp"

namespace mlbilling::test {

/// A store and what must live as long as it does.
struct OpenStore {
    std::shared_ptr<void> resources;
    std::unique_ptr<Store> store;
};

/// One adapter of the Store port under one way of running it; a new one is one more line in
/// adapters.cpp.
struct StoreFactory {
    std::string name;
    std::function<OpenStore(boost::asio::any_io_executor, const Clock&)> open;
};

inline void PrintTo(const StoreFactory& factory, std::ostream* out) { *out << factory.name; }

/// What every adapter of the Store port promises. After each test the book must be in order.
class StoreContract : public testing::TestWithParam<StoreFactory> {
  protected:
    static constexpr Duration lease_time{45'000};
    static constexpr Duration claim_time{60'000};
    static constexpr Duration time_limit{600'000};

    void TearDown() override {
        if (violations_are_expected_) return;
        for (const auto& violation : run(store().verify()))
            ADD_FAILURE() << violation.invariant << ": " << violation.subject;
    }

    /// For a test that puts the book in disorder on purpose.
    void expect_violations() { violations_are_expected_ = true; }

    Store& store() { return *opened_.store; }
    VirtualClock& clock() { return clock_; }
    boost::asio::io_context& loop() { return loop_; }

    template <class T>
    T run(Async<T> work) {
        return test::run(loop_, std::move(work));
    }
    void run(Async<void> work) { test::run(loop_, std::move(work)); }

    /// In the line for a quota of so many an hour.
    Duration take_turn(const std::string& holder, std::int64_t count = 3, bool keep = true) {
        return run(store().take_turn({"recordings", holder, {count, Duration(3'600'000)}, keep}));
    }

    /// Runs all at the same time and returns their results in the order given.
    template <class T>
    std::vector<T> run_together(std::vector<Async<T>> works) {
        std::vector<std::optional<T>> results(works.size());
        std::size_t running = works.size();
        for (std::size_t i = 0; i < works.size(); ++i)
            boost::asio::co_spawn(loop_, std::move(works[i]),
                                  [&results, &running, i](std::exception_ptr error, T value) {
                                      if (error) std::rethrow_exception(error);
                                      results[i] = std::move(value);
                                      --running;
                                  });
        loop_.restart();
        while (running > 0 && loop_.run_one() > 0) {
        }
        std::vector<T> values;
        for (auto& result : results) values.push_back(std::move(result.value()));
        return values;
    }

    static Sender sender(std::int64_t telegram) {
        return {TelegramId(telegram), "user" + std::to_string(telegram), Language::english};
    }
    UpdateKey new_update() { return {BotId(1), UpdateId(++updates_)}; }

    /// A text of `characters`, so 0.1 credit each, in the sender's private chat.
    TaskRequest text_request(std::int64_t telegram, const std::string& id,
                             std::int64_t characters) {
        TaskRequest request;
        request.update = new_update();
        request.sender = sender(telegram);
        request.id = TaskId(id);
        request.type = TaskType::text;
        request.data = "a text";
        request.claimed = Units(characters);
        request.reply_to = "replies";
        request.place = Place{ChatId(telegram), MessageId(7)};
        request.start.credits = Credits(20);
        request.time_limit = time_limit;
        return request;
    }
    /// A text in a chat of another bot.
    TaskRequest request_to(std::int64_t bot, std::int64_t telegram, const std::string& id) {
        auto request = text_request(telegram, id, 10);
        request.update->bot = BotId(bot);
        return request;
    }
    /// The same as a queue message of another producer.
    TaskRequest foreign_request(std::int64_t telegram, const std::string& id,
                                std::int64_t characters) {
        auto request = text_request(telegram, id, characters);
        request.update.reset();
        request.place.reset();
        request.correlation = "their-" + id;
        request.sender.username.clear();
        return request;
    }
    IntakeStore::AnswerRequest answer_request(std::int64_t telegram, Notice notice) {
        return {new_update(),      sender(telegram), Place{ChatId(telegram), MessageId(8)},
                std::move(notice), std::nullopt,     {Credits(20)}};
    }

    /// An answer that is due in the private chat of that user.
    DeliveryId due_answer(std::int64_t telegram) {
        return run(store().answer(answer_request(telegram, {Notice::Kind::help, {}}))).value();
    }

    Accepted accept(TaskRequest request) {
        return std::get<Accepted>(run(store().accept(std::move(request))));
    }
    Accepted accept(std::int64_t telegram, const std::string& id, std::int64_t characters) {
        return accept(text_request(telegram, id, characters));
    }
    Leased lease(const std::string& id) {
        return std::get<Leased>(run(store().lease(TaskId(id), "worker", lease_time)));
    }
    static Completion completion(const Leased& leased, std::int64_t charge) {
        Completion completion;
        completion.task = leased.task.id;
        completion.epoch = leased.task.epoch;
        completion.measured = leased.task.units_claimed;
        completion.charge = Credits(charge);
        completion.result.parts = {
            {ResultKey(leased.task.id.value() + "/0.ogg"), Duration(900), 4'321}};
        completion.spending = {"local", MicroRoubles(150'000)};
        return completion;
    }
    Settled complete(const Leased& leased, std::int64_t charge) {
        return std::get<Settled>(run(store().complete(completion(leased, charge))));
    }
    Settled fail(const Leased& leased, FailureReason reason) {
        return std::get<Settled>(
            run(store().fail(leased.task.id, leased.task.epoch, reason, std::nullopt, {})));
    }

    Account account(std::int64_t telegram) {
        return run(store().profile(TelegramId(telegram))).value().account;
    }
    static Account credits(std::int64_t balance, std::int64_t held) {
        return {Credits(balance), Credits(held)};
    }
    TaskStory story(const std::string& id) { return run(store().story(TaskId(id))).value(); }
    ClaimedDelivery claim(DeliveryId id) {
        return run(store().claim_delivery(id, claim_time)).value();
    }
    bool claimable(DeliveryId id) {
        return run(store().claim_delivery(id, claim_time)).has_value();
    }
    /// Whatever is due, claimed.
    std::vector<ClaimedDelivery> claimed_due() {
        std::vector<ClaimedDelivery> all;
        for (const auto id : run(store().due_deliveries(10))) all.push_back(claim(id));
        return all;
    }
    void sent(const ClaimedDelivery& delivery) {
        run(store().part_sent(delivery.id, delivery.claim, MessageId(50), "", true, claim_time));
    }
    /// A message reaches the user's private chat.
    void reach(std::int64_t telegram) { sent(claim(due_answer(telegram))); }
    /// The claimed result of a task of user 1 that cost that much.
    ClaimedDelivery paid_result(const std::string& id, std::int64_t cost, ChatId chat = ChatId(1)) {
        auto request = text_request(1, id, cost * 10);
        request.place = Place{chat, MessageId(7)};
        accept(std::move(request));
        complete(lease(id), cost);
        return run(store().claim_result(TaskId(id), claim_time)).value();
    }
    RefusalOutcome refuse(const ClaimedDelivery& delivery, bool by_user) {
        return run(store().refuse(delivery.id, delivery.claim, "refused", by_user));
    }
    std::vector<std::string> taken(int limit) {
        std::vector<std::string> ids;
        for (const auto& row : run(store().take_outbox(limit, Duration(30'000))))
            ids.push_back(row.task.id.value());
        return ids;
    }
    /// Hands the caller's own outbox row back, as when the broker has no room.
    void hand_back(const Accepted& accepted) { run(store().not_published({accepted.outbox.id})); }
    BookingOutcome give(std::int64_t telegram, std::int64_t amount, const std::string& request) {
        return run(store().correct(
            {TelegramId(telegram), Credits(amount), "operator", "a test", request}));
    }

    IntakeStore::AnswerRequest start_request(std::int64_t telegram, int grants_per_hour) {
        auto request = answer_request(telegram, {Notice::Kind::welcome, {}});
        request.start.per_hour = grants_per_hour;
        return request;
    }
    /// Somebody starts the bot.
    DeliveryId start(std::int64_t telegram, int grants_per_hour) {
        return run(store().answer(start_request(telegram, grants_per_hour))).value();
    }
    std::int64_t balance_of(std::int64_t telegram) { return account(telegram).balance.value(); }
    /// How many owed grants a sweep gives.
    int sweep() { return run(store().sweep({})).grants_given; }
    /// Sends what is due; the facts of the notices of that kind, by whom they were for.
    std::map<std::int64_t, std::map<std::string, std::string>> told(Notice::Kind kind) {
        std::map<std::int64_t, std::map<std::string, std::string>> facts;
        for (const auto id : run(store().due_deliveries(1000))) {
            const auto sent = run(store().claim_delivery(id, claim_time));
            if (!sent) continue;
            if (sent->notice.kind == kind)
                facts[sent->profile.telegram.value()] = sent->notice.facts;
            run(store().part_sent(id, sent->claim, MessageId(1), "", true, claim_time));
        }
        return facts;
    }

  private:
    boost::asio::io_context loop_;
    VirtualClock clock_{loop_};
    OpenStore opened_ = GetParam().open(loop_.get_executor(), clock_);
    std::int64_t updates_ = 0;
    bool violations_are_expected_ = false;
};

}  // namespace mlbilling::test
