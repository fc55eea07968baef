#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/postgres/postgres_store.hpp"
#include "support/migrated_postgres.hpp"
#include "support/postgres_server.hpp"
#include "support/run.hpp"

namespace mlbilling::test {

/// A task as our bot asks for it, in the private chat of `telegram`; 0.1 credits a character.
inline TaskRequest text_task(std::int64_t telegram, std::int64_t message, std::int64_t characters) {
    TaskRequest request;
    request.update = UpdateKey{BotId(1), UpdateId(telegram * 1'000'000 + message)};
    request.sender = {TelegramId(telegram), "user" + std::to_string(telegram), Language::english};
    request.id = TaskId(std::to_string(telegram) + '_' + std::to_string(message));
    request.data = "a text";
    request.claimed = Units(characters);
    request.reply_to = "replies";
    request.place = Place{ChatId(telegram), MessageId(message)};
    request.start.credits = Credits(20);
    request.time_limit = Duration(600'000);
    return request;
}

inline Completion completion_of(const Leased& leased, std::int64_t charge) {
    Completion completion;
    completion.task = leased.task.id;
    completion.epoch = leased.task.epoch;
    completion.measured = leased.task.units_claimed;
    completion.charge = Credits(charge);
    completion.result.parts = {{ResultKey(leased.task.id.value() + "/0.ogg"), Duration(900)}};
    completion.spending = {"local", MicroRoubles(150'000)};
    return completion;
}

/// Something that runs on the loop beside the test.
template <class T>
class Started {
  public:
    Started(boost::asio::io_context& loop, Async<T> work) {
        boost::asio::co_spawn(loop, std::move(work),
                              [state = state_](std::exception_ptr error, T value) {
                                  state->done = true;
                                  state->error = error;
                                  state->value = std::move(value);
                              });
    }
    bool done() const { return state_->done; }
    T value() const {
        if (state_->error) std::rethrow_exception(state_->error);
        return state_->value.value();
    }

  private:
    struct State {
        bool done = false;
        std::exception_ptr error;
        std::optional<T> value;
    };
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

/// One process's store on a database; each has connections of its own, as processes have.
inline std::unique_ptr<postgres::PostgresStore> open_store(boost::asio::io_context& loop,
                                                           const std::string& url,
                                                           const Clock* clock = nullptr) {
    postgres::Options options;
    options.url = url;
    return std::make_unique<postgres::PostgresStore>(options, loop.get_executor(), clock);
}

/// A migrated database and a store on it. After each test the book must be in order.
class PostgresStoreTest : public testing::Test {
  protected:
    void TearDown() override {
        for (const auto& violation : run(store().verify()))
            ADD_FAILURE() << violation.invariant << ": " << violation.subject;
    }

    template <class T>
    T run(Async<T> work) {
        return test::run(loop_, std::move(work));
    }
    void run(Async<void> work) { test::run(loop_, std::move(work)); }

    PostgresDatabase& database() { return database_; }
    postgres::PostgresStore& store() { return *store_; }
    boost::asio::io_context& loop() { return loop_; }

    Accepted accept(std::int64_t telegram, std::int64_t message, std::int64_t characters = 10) {
        return std::get<Accepted>(run(store().accept(text_task(telegram, message, characters))));
    }
    Leased lease(const TaskId& task) {
        return std::get<Leased>(run(store().lease(task, "worker", Duration(45'000))));
    }

  private:
    PostgresDatabase database_{PostgresServer::shared(), migrated_database()};
    boost::asio::io_context loop_;
    std::unique_ptr<postgres::PostgresStore> store_ = open_store(loop_, database_.url());
};

}  // namespace mlbilling::test
