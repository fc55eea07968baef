#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.hpp"

namespace mlbilling {

struct SmallFile {
    std::string content;
    mode_t mode = 0;
};

/// A file of at most 64 KiB. A problem goes on from the file's name and never shows what is in it.
Result<SmallFile> read_small_file(const std::string& path);

}  // namespace mlbilling
