#include "worker/cached_results.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace mlbilling {

Async<std::optional<TaskResult>> CachedResults::find(std::string key) {
    if (key.empty()) co_return std::nullopt;
    auto result = co_await store_.find_cached(std::move(key));
    if (!result) co_return std::nullopt;
    for (const auto& part : result->parts) {
        const auto blob = co_await results_.get(part.key);
        if (!blob || (part.bytes && blob->size() != *part.bytes)) co_return std::nullopt;
    }
    co_return result;
}

Completion completion_from_cache(Attempt& attempt, Units measured, Credits full, TaskResult result,
                                 std::string provider) {
    Completion completion;
    completion.task = attempt.task.id;
    completion.epoch = attempt.task.epoch;
    completion.measured = measured;
    completion.charge = std::min(cached_cost(attempt.task.price, full), attempt.task.held);
    completion.cached = true;
    completion.result = std::move(result);
    attempt.spending.provider = std::move(provider);
    log::info("answered from the cache", {{"task", attempt.task.id}});
    return completion;
}

}  // namespace mlbilling
