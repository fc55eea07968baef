#pragma once

#include <optional>
#include <string>
#include <utility>

#include "ports/results.hpp"

namespace mlbilling::test {

/// All of the blob; nothing when there is none.
inline Async<std::optional<std::string>> read_blob(ResultStore* store, ResultKey key) {
    auto blob = co_await store->open(std::move(key));
    if (!blob) co_return std::nullopt;
    co_return co_await read_to_end(std::move(blob));
}

}  // namespace mlbilling::test
