#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "adapters/work_threads/work_threads.hpp"
#include "ports/telegram.hpp"

namespace mlbilling::telegram {

/// Whether a file_path of getFile may name a file of a local server: absolute, below the directory,
/// without a segment that is empty, `.` or `..`.
bool is_below(std::string_view path, std::string_view directory);

/// The files of a Bot API server that runs with --local on this machine: getFile names them by
/// their absolute path, and no HTTP route leads to them (telegram.md 4). Reads on a thread of its
/// own.
class LocalFiles {
  public:
    /// The server's --dir, absolute, as it is also called here.
    explicit LocalFiles(std::string directory) : directory_(std::move(directory)) {}

    /// `too_large` above `largest` bytes, `file_unavailable` when there is no such regular file
    /// below the directory, `not_sent` when it cannot be read, which the operator can mend. No
    /// error repeats the path, in which the token stands.
    Async<Outcome<std::string>> read(std::string path, std::size_t largest);

  private:
    std::string directory_;
    work_threads::WorkThreads thread_{1};
};

}  // namespace mlbilling::telegram
