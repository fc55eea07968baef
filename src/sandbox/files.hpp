#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "ports/random.hpp"
#include "sandbox/model.hpp"

namespace mlbilling::sandbox {

/// Every file that was sent, newest kept, at most `capacity` bytes together.
class Files {
  public:
    struct Stored {
        Attachment description;
        std::shared_ptr<const std::string> bytes;
        /// What the download's path ends in, e.g. 12.
        std::uint64_t number = 0;
    };

    Files(Random& random, std::uint64_t capacity);

    /// Keeps the bytes; kind, name, mime and duration of the description are taken as claimed.
    Attachment add(std::string bytes, Attachment description);
    /// Nothing when it is unknown or was dropped for newer ones.
    std::optional<Stored> find(const std::string& key) const;

    /// Opaque, one per bot and file (telegram.md 1.4: a file_id is per bot).
    std::string file_id(std::int64_t bot, const Attachment& file) const;
    /// Nothing for a made up id, another bot's, or a file that was dropped.
    std::optional<Stored> by_file_id(std::int64_t bot, const std::string& file_id) const;

    /// What getFile answers, e.g. `voice/file_12.oga`. The name that the sender gave is not kept
    /// (telegram.md 1.5).
    std::string path_of(const Stored& file) const;
    std::optional<Stored> by_path(const std::string& path) const;

  private:
    std::string proof(std::int64_t bot, const std::string& key) const;

    Random& random_;
    std::uint64_t capacity_;
    std::uint64_t held_ = 0;
    std::uint64_t next_number_ = 0;
    std::string secret_;
    std::map<std::string, Stored> stored_;
    std::deque<std::string> oldest_first_;
    std::map<std::string, std::string> key_of_path_;
};

}  // namespace mlbilling::sandbox
