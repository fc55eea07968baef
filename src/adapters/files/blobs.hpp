#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/time.hpp"

namespace mlbilling::files {

/// The blob, if the kernel holds all of it and its name in memory, so that it can be read without
/// waiting for a disk or a server of files. Nothing else is said by nothing. Never throws.
std::optional<std::string> read_cached_blob(const std::filesystem::path& directory,
                                            const std::string& key);

/// The blocking half of FileResultStore, for its threads. All throw Unavailable, naming the
/// system's reason but no path outside `directory`.

/// Writes beside the final name and renames; makes the directories between.
void write_blob(const std::filesystem::path& directory, const std::string& key,
                const std::string& bytes);
std::optional<std::string> read_blob(const std::filesystem::path& directory,
                                     const std::string& key);
void remove_blob(const std::filesystem::path& directory, const std::string& key);
int remove_blobs_older_than(const std::filesystem::path& directory, Time moment);

}  // namespace mlbilling::files
