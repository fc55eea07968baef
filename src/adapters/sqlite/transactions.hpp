#pragma once

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "adapters/sqlite/engine.hpp"

namespace mlbilling::sqlite {

/// Runs the function in a transaction and returns what it returns. The value is shared with the
/// operation, which may outlive a cancelled caller.
template <class Function>
auto run(Engine* engine, Access access, Function function)
    -> Async<std::invoke_result_t<Function&, Session&>> {
    using Value = std::invoke_result_t<Function&, Session&>;
    if constexpr (std::is_void_v<Value>) {
        co_await engine->run(access, std::move(function));
    } else {
        auto value = std::make_shared<std::optional<Value>>();
        co_await engine->run(access, [value, function = std::move(function)](Session& session) {
            value->emplace(function(session));
        });
        co_return std::move(**value);
    }
}

template <class Function>
auto write(Engine& engine, Function function) {
    return run(&engine, Access::write, std::move(function));
}

template <class Function>
auto relaxed_write(Engine& engine, Function function) {
    return run(&engine, Access::relaxed_write, std::move(function));
}

template <class Function>
auto read(Engine& engine, Function function) {
    return run(&engine, Access::read, std::move(function));
}

template <class Function>
auto report(Engine& engine, Function function) {
    return run(&engine, Access::report, std::move(function));
}

}  // namespace mlbilling::sqlite
