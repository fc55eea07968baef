#include <future>

#include "adapters/system_clock/system_clock.hpp"
#include "broker_fixture.hpp"
#include "fake_ports.hpp"
#include "fake_store.hpp"
#include "support/guarded_process.hpp"
#include "worker/worker.hpp"

namespace mlbilling::test {
namespace {

/// The real worker among fakes, at the real broker.
class ForeignProducer : public RabbitmqTest {
  protected:
    ForeignProducer() {
        store.balances[TelegramId(1)] = Credits(1000);
        worker_options.name = "worker-1";
        worker_options.concurrency = 4;
        speech.takes = Duration(1);
    }

    /// What the producer prints while the worker works.
    std::string ask(const std::string& task, const std::string& kind, const std::string& data,
                    const std::string& user = "1", const std::string& queue = "replies.foreign") {
        OutboxPublisher outbox(broker(), store);
        Worker worker({store, store, broker(), telegram, speech, codec, results, clock, random,
                       metrics, outbox},
                      worker_options);
        bool stopped = false;
        boost::asio::co_spawn(loop, worker.run(), [&](std::exception_ptr error) {
            stopped = true;
            if (error) std::rethrow_exception(error);
        });
        EXPECT_TRUE(check().ok());
        const auto url = "amqp://guest:guest@127.0.0.1:" + std::to_string(address.port) + "/" +
                         address.virtual_host;
        auto said = std::async(std::launch::async, [&] {
            auto text =
                GuardedProcess(
                    {"/usr/bin/python3", FOREIGN_PRODUCER, url, user, task, kind, data, queue}, {})
                    .read_all();
            boost::asio::post(loop, [&worker] { worker.stop(); });
            return text;
        });
        loop.restart();
        while (!stopped) loop.run_one();
        return said.get();
    }

    SystemClock clock{loop.get_executor()};
    FakeStore store{clock};
    FakeTelegram telegram;
    FakeSpeech speech{clock};
    FakeCodec codec;
    FakeResults results{clock};
    FakeMetrics metrics;
    WorkerOptions worker_options;
};

TEST_F(ForeignProducer, GetsItsTaskDoneAndChargedOnce) {
    const auto first = ask("1_100", "text", "Hello there");
    EXPECT_NE(first.find(R"("correlation_id": "1_100")"), std::string::npos) << first;
    EXPECT_NE(first.find(R"("status": "success")"), std::string::npos) << first;
    EXPECT_NE(first.find(R"("result_file": )"), std::string::npos) << first;
    const auto balance = store.balances[TelegramId(1)];
    EXPECT_LT(balance, Credits(1000));
    // Asked again, it is answered with the first result and costs nothing.
    const auto again = ask("1_100", "text", "Hello there");
    EXPECT_NE(again.find(R"("status": "success")"), std::string::npos) << again;
    EXPECT_EQ(store.balances[TelegramId(1)], balance);
    EXPECT_EQ(speech.synthesized.size(), 1U);
}

TEST_F(ForeignProducer, SharesANameWithOurBotsTask) {
    store.add("1_100", TaskType::text, "The user's own words", Credits(3));
    const auto said = ask("1_100", "text", "Hello there");
    EXPECT_NE(said.find(R"("status": "success")"), std::string::npos) << said;
    EXPECT_NE(said.find(R"("task_id": "1_100")"), std::string::npos) << said;
    EXPECT_EQ(store.tasks.at(TaskId("1_100")).status, TaskStatus::created);
    EXPECT_EQ(store.tasks.at(TaskId("1_100.2")).status, TaskStatus::completed);
}

TEST_F(ForeignProducer, IsNotToldOfAnothersResult) {
    ask("1_100", "text", "Secret words");
    const auto said = ask("1_100", "text", "Secret words", "1", "replies.curious");
    EXPECT_NE(said.find(R"("status": "error")"), std::string::npos) << said;
    EXPECT_EQ(said.find("result_file"), std::string::npos) << said;
    EXPECT_EQ(speech.synthesized.size(), 1U);
}

TEST_F(ForeignProducer, NamesAUserWhoHasNoCredits) {
    const auto said = ask("77_1", "text", "Hello there", "77");
    EXPECT_NE(said.find(R"("status": "error")"), std::string::npos) << said;
    EXPECT_NE(said.find(R"("cost": 0)"), std::string::npos) << said;
    EXPECT_EQ(store.balances.at(TelegramId(77)), Credits(0));
}

TEST_F(ForeignProducer, IsToldWhatIsWrongWithItsMessage) {
    const auto said = ask("1_101", "picture", "x");
    EXPECT_NE(said.find(R"("status": "error")"), std::string::npos) << said;
}

}  // namespace
}  // namespace mlbilling::test
