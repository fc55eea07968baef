#include "adapters/files/result_store.hpp"

#include <unistd.h>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <functional>
#include <variant>

#include "adapters/files/blobs.hpp"
#include "base/check.hpp"
#include "base/unavailable.hpp"
#include "domain/result_key.hpp"

namespace mlbilling::files {
namespace {

namespace asio = boost::asio;

/// Runs the job on the thread and comes back to the caller's loop. A cancelled caller still waits:
/// the job is short, and ends whole. The thread is the store's, which outlives its calls.
template <class T>
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
Async<T> on_thread(asio::thread_pool& thread, std::function<T()> job) {
    auto start = [](auto handler, asio::thread_pool* pool, std::function<T()> run) {
        auto loop = asio::make_work_guard(asio::get_associated_executor(handler));
        asio::post(*pool, [handler = std::move(handler), loop = std::move(loop),
                           run = std::move(run)]() mutable {
            std::exception_ptr error;
            T value{};
            try {
                value = run();
            } catch (...) {
                error = std::current_exception();
            }
            auto executor = loop.get_executor();
            asio::post(executor, [handler = std::move(handler), loop = std::move(loop), error,
                                  value = std::move(value)]() mutable {
                std::move(handler)(error, std::move(value));
            });
        });
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>,
                                            void(std::exception_ptr, T)>(
        std::move(start), asio::use_awaitable, &thread, std::move(job));
}

}  // namespace

FileResultStore::FileResultStore(std::filesystem::path directory) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (!error && ::access(directory.c_str(), R_OK | W_OK | X_OK) != 0)
        error = std::error_code(errno, std::generic_category());
    if (error)
        throw Unavailable("result store: cannot use " + directory.string() + ": " +
                          error.message());
    // Relative names would follow a later change of the working directory.
    directory_ = std::filesystem::canonical(directory);
}

FileResultStore::~FileResultStore() { threads_.join(); }

Async<void> FileResultStore::put(ResultKey key, std::string bytes) {
    CHECK(is_result_key(key));
    CHECK(bytes.size() <= largest_result);
    std::function<std::monostate()> job = [this, key = std::move(key), bytes = std::move(bytes)] {
        write_blob(directory_, key.value(), bytes);
        return std::monostate{};
    };
    co_await on_thread(threads_, std::move(job));
}

Async<std::optional<std::string>> FileResultStore::get(ResultKey key) {
    if (!is_result_key(key)) co_return std::nullopt;
    // Most are read soon after they were written, and a thread costs more than the copy.
    if (auto bytes = read_cached_blob(directory_, key.value())) co_return bytes;
    std::function<std::optional<std::string>()> job = [directory = directory_,
                                                       key = std::move(key)] {
        return read_blob(directory, key.value());
    };
    co_return co_await on_thread(threads_, std::move(job));
}

Async<void> FileResultStore::remove(ResultKey key) {
    if (!is_result_key(key)) co_return;
    std::function<std::monostate()> job = [directory = directory_, key = std::move(key)] {
        remove_blob(directory, key.value());
        return std::monostate{};
    };
    co_await on_thread(threads_, std::move(job));
}

Async<int> FileResultStore::remove_older_than(Time moment) {
    std::function<int()> job = [directory = directory_, moment] {
        return remove_blobs_older_than(directory, moment);
    };
    co_return co_await on_thread(threads_, std::move(job));
}

}  // namespace mlbilling::files
