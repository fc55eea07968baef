#pragma once

#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "ports/results.hpp"

namespace mlbilling::files {

/// Result audio as files below one directory (RESULT_STORE_URL `file:DIR`). The file system works
/// on threads of its own. A blob appears under its name only when all of it is written; a full disk
/// is Unavailable and leaves nothing behind. No process that dies takes a blob with it. It is not
/// forced to the disk, which only accept and settle wait for (design.md, Speed): a power cut may
/// take the last half minute's, and what was not sent by then is paid back. Several processes may
/// use one directory. To put a blob under a key that is none, or one above largest_result, is a
/// broken promise; to open or remove the first finds nothing, the second is Unavailable.
class FileResultStore final : public ResultStore {
  public:
    /// Makes the directory. Throws Unavailable when that fails or it cannot be written to.
    explicit FileResultStore(std::filesystem::path directory);
    /// Waits for what the threads are doing.
    ~FileResultStore() override;

    Async<void> put(ResultKey key, std::string bytes) override;
    Async<std::unique_ptr<ByteSource>> open(ResultKey key) override;
    Async<std::optional<std::size_t>> size_of(ResultKey key) override;
    Async<void> remove(ResultKey key) override;
    /// Goes by the files' own times; removes what an interrupted put has left and empty directories
    /// too.
    Async<int> remove_older_than(Time moment) override;

  private:
    std::filesystem::path directory_;
    // Several, because a slow file system makes each wait.
    boost::asio::thread_pool threads_{4};
};

}  // namespace mlbilling::files
