#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <iostream>
#include "adapters/postgres/batches.hpp"
using namespace mlbilling;
using namespace mlbilling::postgres;
struct Figures {
    long pairs = 0;
    bool stop = false;
    long other = 0;
};
Async<void> customer(Batches& b, Figures& f, long user, long n) {
    for (long i = 0; !f.stop; ++i) {
        TaskRequest r;
        r.update = UpdateKey{BotId(1), UpdateId(n * 1000000 + i)};
        r.sender = {TelegramId(user), "u" + std::to_string(user), Language::english};
        r.id =
            TaskId(std::to_string(user) + "_" + std::to_string(n) + "_" + std::to_string(i) + "_" +
                   std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()));
        r.type = TaskType::text;
        r.data = "hello, this is a text that is to be said aloud";
        r.claimed = Units(40);
        r.reply_to = "replies";
        r.place = Place{ChatId(user), MessageId(i)};
        r.start_balance = Credits(1000000000);
        r.time_limit = Duration(600000);
        auto id = r.id;
        auto out = co_await b.accept.run(std::move(r));
        if (!std::holds_alternative<Accepted>(out)) {
            ++f.other;
            std::cout << "outcome " << out.index() << "\n";
            co_return;
        }
        auto l = co_await b.lease.run({id, "w", Duration(45000)});
        if (!std::holds_alternative<Leased>(l)) {
            std::cout << "not leased\n";
            co_return;
        }
        Completion c;
        c.task = id;
        c.epoch = std::get<Leased>(l).task.epoch;
        c.measured = Units(40);
        c.charge = Credits(4);
        c.result.parts = {{ResultKey("k"), Duration(900)}};
        c.spending = {"local", MicroRoubles(5)};
        auto s = co_await b.settle.run(settlement_of(std::move(c)));
        if (!std::holds_alternative<Settled>(s)) {
            std::cout << "fenced\n";
            co_return;
        }
        ++f.pairs;
    }
}
int main([[maybe_unused]] int argc, char** argv) {
    std::string url = argv[1];
    long users = atol(argv[2]);
    long workers = atol(argv[3]);
    int secs = atoi(argv[4]);
    boost::asio::io_context loop;
    auto db = std::make_shared<Database>(Options{.url = url}, loop.get_executor(), nullptr);
    Batches b(db);
    Figures f;
    long seed = std::chrono::steady_clock::now().time_since_epoch().count() / 1000;
    for (long w = 0; w < workers; ++w)
        boost::asio::co_spawn(loop,
                              customer(b, f, 1000 + (users == 1 ? 0 : w * 7919 % users), seed + w),
                              [](std::exception_ptr e) {
                                  if (e) try {
                                          std::rethrow_exception(e);
                                      } catch (std::exception& x) {
                                          std::cout << x.what() << "\n";
                                      }
                              });
    auto start = std::chrono::steady_clock::now();
    long last = 0;
    boost::asio::steady_timer t(loop);
    for (int s = 0; s < secs; ++s) {
        t.expires_after(std::chrono::seconds(1));
        bool fired = false;
        t.async_wait([&](auto) { fired = true; });
        while (!fired) loop.run_one();
        std::cout << f.pairs - last << " pairs/s\n";
        last = f.pairs;
    }
    f.stop = true;
    (void)start;
    auto cpu = clock();
    while (loop.run_one_for(std::chrono::seconds(1)) > 0) {
    }
    std::cout << "total " << f.pairs << " cpu_us/pair " << double(cpu) / double(f.pairs) << "\n";
}
