#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "ports/async.hpp"

namespace mlbilling {

/// A copy was not made or not restored, and trying again as it is does not help: the message says
/// what to do. An outside thing that is down is Unavailable.
class CopyRefused : public std::runtime_error {
  public:
    explicit CopyRefused(const std::string& what) : std::runtime_error(what) {}
};

/// Copies one kind of database whole, for backups. Used by commands that do nothing else, so an
/// adapter may block.
class DatabaseCopy {
  public:
    virtual ~DatabaseCopy() = default;

    /// How the files' names end, e.g. `.dump`.
    virtual std::string suffix() const = 0;
    /// Writes one consistent moment of the database to a new file, while others work in it, and
    /// reads the file again to its end. The path is absolute. Throws CopyRefused or Unavailable,
    /// and may leave a part of the file then.
    virtual Async<void> write(std::filesystem::path file) = 0;
    /// Puts all that is in the file into the database, which must be missing or empty, or nothing
    /// of it. Throws CopyRefused or Unavailable.
    virtual Async<void> restore(std::filesystem::path file) = 0;
};

}  // namespace mlbilling
