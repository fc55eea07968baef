#include "adapters/files/result_store.hpp"

#include <unistd.h>

#include <functional>
#include <variant>

#include "adapters/files/blob_source.hpp"
#include "adapters/files/blobs.hpp"
#include "adapters/files/file_threads.hpp"
#include "base/check.hpp"
#include "base/unavailable.hpp"
#include "domain/result_key.hpp"

namespace mlbilling::files {

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

Async<std::unique_ptr<ByteSource>> FileResultStore::open(ResultKey key) {
    if (!is_result_key(key)) co_return nullptr;
    // Most are read soon after they were written, and a thread costs more than the copy.
    auto blob = open_cached_blob(directory_, key.value());
    if (!blob) {
        std::function<std::optional<OpenBlob>()> job = [directory = directory_,
                                                        key = std::move(key)] {
            return open_blob(directory, key.value());
        };
        blob = co_await on_thread(threads_, std::move(job));
    }
    if (!blob) co_return nullptr;
    co_return std::make_unique<BlobSource>(threads_, std::move(*blob));
}

Async<std::optional<std::size_t>> FileResultStore::size_of(ResultKey key) {
    const auto blob = co_await open(std::move(key));
    co_return blob ? std::optional(blob->size()) : std::nullopt;
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
