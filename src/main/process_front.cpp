#include "main/process_front.hpp"

#include <utility>

#include "main/open_broker.hpp"
#include "ports/all.hpp"

namespace mlbilling {
namespace {

constexpr Duration longest_answer_at_the_end{1'000};

}  // namespace

ProcessFront::ProcessFront(ProcessBasis& basis, std::uint16_t usual_port,
                           Endpoints::WhyNotReady own_trouble)
    : basis_(basis),
      own_trouble_(std::move(own_trouble)),
      endpoints_(
          questions_to(*basis.foundation.store), basis.foundation.clock, basis.foundation.metrics,
          [this] { return why_not_ready(); }, [this] { return basis_.upkeep.ledger(); }),
      listeners_(basis.foundation.loop.get_executor(), basis.foundation.config,
                 {"127.0.0.1", usual_port}, endpoints_),
      life_(basis.foundation.loop, basis.foundation.clock,
            basis.foundation.config.shutdown_timeout) {}

void ProcessFront::take_updates(telegram::UpdateReceiver& receiver) {
    listeners_.take_updates(basis_.foundation.config, receiver);
}

std::optional<std::string> ProcessFront::why_not_ready() const {
    if (life_.ending().is_set()) return "draining";
    if (const auto problem = basis_.broker.problem()) return "broker: " + *problem;
    if (auto trouble = own_trouble_()) return trouble;
    return trouble_with(basis_.upkeep.ledger());
}

Async<void> ProcessFront::live(std::vector<Async<void>> loops, std::function<void()> announce) {
    std::vector<Async<void>> parts;
    parts.push_back(endpoints_.run());
    parts.push_back(work(std::move(loops), std::move(announce)));
    co_await all(std::move(parts));
}

Async<void> ProcessFront::work(std::vector<Async<void>> loops, std::function<void()> announce) {
    co_await ensure_not_refused(&basis_.broker, &basis_.foundation.clock);
    announce();
    loops.push_back(basis_.upkeep.run());
    co_await all(std::move(loops));
    co_await listeners_.stop(longest_answer_at_the_end);
    endpoints_.stop();
    co_await basis_.broker.close();
}

int ProcessFront::run(std::vector<Async<void>> loops, std::function<void()> announce,
                      std::function<void()> stop) {
    return life_.run(live(std::move(loops), std::move(announce)), [this, stop = std::move(stop)] {
        stop();
        basis_.upkeep.stop();
    });
}

}  // namespace mlbilling
