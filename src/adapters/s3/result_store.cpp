#include "adapters/s3/result_store.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "base/unavailable.hpp"
#include "domain/result_key.hpp"
#include "ports/all.hpp"

namespace mlbilling::s3 {
namespace {

/// Removals under way at the same time.
constexpr std::size_t removals_at_once = 16;

}  // namespace

S3ResultStore::S3ResultStore(boost::asio::any_io_executor executor, Clock& clock, Random& random,
                             S3Options options, HttpOptions http)
    : prefix_(options.prefix.empty() ? "" : options.prefix + "/"),
      bucket_(std::move(executor), clock, random, std::move(options), std::move(http)) {}

Async<void> S3ResultStore::put(ResultKey key, std::string bytes) {
    CHECK(is_result_key(key));
    CHECK(bytes.size() <= largest_result);
    return bucket_.put(name_of(key), std::move(bytes));
}

Async<std::unique_ptr<ByteSource>> S3ResultStore::open(ResultKey key) {
    if (!is_result_key(key)) co_return nullptr;
    co_return co_await bucket_.open(name_of(key), largest_result);
}

Async<std::optional<std::size_t>> S3ResultStore::size_of(ResultKey key) {
    if (!is_result_key(key)) co_return std::nullopt;
    co_return co_await bucket_.size_of(name_of(key));
}

Async<void> S3ResultStore::remove(ResultKey key) {
    if (is_result_key(key)) co_await bucket_.remove(name_of(key));
}

bool S3ResultStore::is_result(const std::string& name) const {
    return name.starts_with(prefix_) && is_result_key(ResultKey(name.substr(prefix_.size())));
}

Async<int> S3ResultStore::remove_older_than(Time moment) {
    int removed = 0;
    std::string continuation;
    do {
        const auto listing = co_await bucket_.list(prefix_, continuation);
        std::vector<std::string> old;
        for (const auto& object : listing.objects)
            if (object.last_modified < moment && is_result(object.key)) old.push_back(object.key);
        for (std::size_t next = 0; next < old.size();) {
            const auto end = std::min(next + removals_at_once, old.size());
            std::vector<Async<void>> removals;
            for (; next < end; ++next) removals.push_back(bucket_.remove(old[next]));
            co_await all(std::move(removals));
        }
        removed += static_cast<int>(old.size());
        if (!continuation.empty() && listing.continuation == continuation)
            throw Unavailable("result store: S3's list of objects goes round in circles");
        continuation = listing.continuation;
    } while (!continuation.empty());
    co_return removed;
}

}  // namespace mlbilling::s3
