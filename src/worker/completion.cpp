#include "worker/completion.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace mlbilling {

Completion completion_of_work(const Attempt& attempt, Units measured, Credits price,
                              std::string cache_key) {
    Completion completion;
    completion.task = attempt.task.id;
    completion.epoch = attempt.task.epoch;
    completion.measured = measured;
    completion.charge = std::min(price, attempt.task.held);
    completion.cache_key = std::move(cache_key);
    return completion;
}

Completion completion_from_cache(Attempt& attempt, Units measured, Credits full, TaskResult result,
                                 std::string provider) {
    auto completion =
        completion_of_work(attempt, measured, cached_cost(attempt.task.price, full), {});
    completion.cached = true;
    completion.result = std::move(result);
    attempt.spending.provider = std::move(provider);
    log::info("answered from the cache", {{"task", attempt.task.id}});
    return completion;
}

}  // namespace mlbilling
