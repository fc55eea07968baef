#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "base/descriptor.hpp"
#include "base/time.hpp"

namespace mlbilling::files {

/// A blob that is open for reading. One that is replaced or removed meanwhile can still be read.
struct OpenBlob {
    Descriptor descriptor;
    std::size_t size = 0;
};

/// The blob, if the kernel holds its name in memory, so that it can be opened without waiting for a
/// disk or a server of files. Nothing else is said by nothing. Never throws.
std::optional<OpenBlob> open_cached_blob(const std::filesystem::path& directory,
                                         const std::string& key);
/// So many bytes of an open blob, if the kernel holds all of them in memory. Never throws.
std::optional<std::string> read_cached_piece(const Descriptor& blob, std::size_t offset,
                                             std::size_t count);

/// The blocking half of FileResultStore, for its threads. All throw Unavailable, naming the
/// system's reason but no path outside `directory`.

/// Writes beside the final name and renames; makes the directories between.
void write_blob(const std::filesystem::path& directory, const std::string& key,
                const std::string& bytes);
/// Nothing when there is none.
std::optional<OpenBlob> open_blob(const std::filesystem::path& directory, const std::string& key);
std::string read_piece(const Descriptor& blob, std::size_t offset, std::size_t count);
void remove_blob(const std::filesystem::path& directory, const std::string& key);
int remove_blobs_older_than(const std::filesystem::path& directory, Time moment);

}  // namespace mlbilling::files
