#include "simulation/machine.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cstdlib>
#include <exception>

namespace mlbilling::simulation {
namespace {

constexpr Duration lease{10'000};

/// A loop that ends by an exception is a bug of ours, not a fault of the world.
void must_not_fail(std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
}

SweeperOptions sweeping() {
    SweeperOptions options;
    options.interval = Duration(3'000);
    options.policy.republish_after = Duration(20'000);
    options.results_interval = Duration(600'000);
    return options;
}

}  // namespace

Machine::Machine(Surroundings surroundings, Parts parts, std::string name)
    : process_(surroundings.world, std::move(name)),
      telegram_(process_, surroundings.telegram, surroundings.mutant == Mutant::confirmed_first),
      broker_(process_, surroundings.broker),
      speech_(process_),
      codec_(process_),
      results_(process_, surroundings.disk),
      store_(process_, surroundings.oracle, surroundings.store),
      publisher_(broker_, store_),
      relay_(store_, broker_, publisher_, process_, surroundings.world.dice),
      sweeper_(store_, results_, process_, surroundings.world.dice, metrics_, sweeping()) {
    boost::asio::co_spawn(process_.loop(), relay_.run(), must_not_fail);
    boost::asio::co_spawn(process_.loop(), sweeper_.run(), must_not_fail);
    if (parts.bot) start_bot(surroundings);
    if (parts.worker) start_worker(surroundings);
}

Machine::~Machine() { process_.kill(); }

void Machine::start_bot(const Surroundings& surroundings) {
    bot::BotOptions options;
    options.reply_queue = QueueName("replies." + process_.name());
    options.process_name = process_.name();
    options.ask_above = Credits(8);
    options.start = {Credits(surroundings.start_balance), surroundings.grants_per_hour};
    options.task_time_limit = Duration(900'000);
    options.claim_for = Duration(30'000);
    bot_.emplace(
        bot::Dependencies{store_, store_, store_, store_, telegram_, broker_, results_, speech_,
                          codec_, process_, surroundings.world.dice, metrics_, publisher_},
        options);
    boost::asio::co_spawn(process_.loop(), bot_->run(), must_not_fail);
}

void Machine::start_worker(const Surroundings& surroundings) {
    WorkerOptions options;
    options.name = process_.name();
    options.concurrency = 3;
    options.lease = lease;
    options.heartbeat = lease / 3;
    options.ask_above = Credits(8);
    options.time_limit = Duration(900'000);
    worker_.emplace(
        Worker::Dependencies{store_, store_, broker_, telegram_, speech_, codec_, results_,
                             process_, surroundings.world.dice, metrics_, publisher_},
        options);
    boost::asio::co_spawn(process_.loop(), worker_->run(), must_not_fail);
}

}  // namespace mlbilling::simulation
