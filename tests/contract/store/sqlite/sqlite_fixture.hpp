#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/sqlite/sqlite_store.hpp"
#include "raw_database.hpp"
#include "support/run.hpp"
#include "support/temporary_directory.hpp"
#include "support/virtual_clock.hpp"

namespace mlbilling::test {

/// What is true of the SQLite adapter beyond the contract: its file, its thread, its schema.
class SqliteTest : public testing::Test {
  protected:
    std::string path() const { return (directory_.path() / "store.db").string(); }

    std::unique_ptr<sqlite::SqliteStore> open(bool inline_execution = false) {
        return std::make_unique<sqlite::SqliteStore>(
            sqlite::Options{.path = path(), .inline_execution = inline_execution},
            loop_.get_executor(), clock_);
    }

    /// A text of 10 characters, so 1 credit.
    static TaskRequest text_request(std::int64_t telegram, const std::string& id) {
        TaskRequest request;
        request.sender = {TelegramId(telegram), "user", Language::english};
        request.id = TaskId(id);
        request.data = "ten chars.";
        request.claimed = Units(10);
        request.place = Place{ChatId(telegram), MessageId(1)};
        request.start.credits = Credits(100);
        request.time_limit = Duration(600'000);
        return request;
    }

    /// Accepts, runs and settles one task.
    void run_task(Store& store, std::int64_t telegram, const std::string& id) {
        test::run(loop_, store.accept(text_request(telegram, id)));
        const auto leased =
            std::get<Leased>(test::run(loop_, store.lease(TaskId(id), "worker", Duration(45'000))));
        Completion completion;
        completion.task = leased.task.id;
        completion.epoch = leased.task.epoch;
        completion.measured = Units(10);
        completion.charge = Credits(1);
        completion.result.text = "result";
        test::run(loop_, store.complete(completion));
    }

    /// Starts accepting tasks 0..count-1 and returns when all wait for the store.
    void start_accepting(Store& store, int count) {
        for (int i = 0; i < count; ++i)
            boost::asio::co_spawn(loop_, store.accept(text_request(1, std::to_string(i))),
                                  [this](std::exception_ptr error, const TaskOutcome& outcome) {
                                      ++ended_;
                                      if (error) {
                                          ++failed_;
                                      } else if (std::holds_alternative<Accepted>(outcome)) {
                                          ++accepted_;
                                      }
                                  });
        clock_.drain();
    }
    void finish(int count) {
        loop_.restart();
        while (ended_ < count && loop_.run_one() > 0) {
        }
    }

    static std::vector<std::string> violations(const std::vector<Violation>& found) {
        std::vector<std::string> texts;
        for (const auto& violation : found) texts.push_back(violation.invariant);
        return texts;
    }

    TemporaryDirectory directory_;
    boost::asio::io_context loop_;
    VirtualClock clock_{loop_};
    int ended_ = 0;
    int accepted_ = 0;
    int failed_ = 0;
};

}  // namespace mlbilling::test
