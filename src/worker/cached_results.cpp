#include "worker/cached_results.hpp"

namespace mlbilling {

Async<std::optional<TaskResult>> CachedResults::find(std::string key) {
    if (key.empty()) co_return std::nullopt;
    auto result = co_await store_.find_cached(std::move(key));
    if (!result) co_return std::nullopt;
    for (const auto& part : result->parts) {
        const auto size = co_await results_.size_of(part.key);
        if (!size || (part.bytes && *size != *part.bytes)) co_return std::nullopt;
    }
    co_return result;
}

}  // namespace mlbilling
