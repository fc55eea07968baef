#include "sandbox/files.hpp"

#include <algorithm>
#include <string_view>

#include "sandbox/fingerprint.hpp"
#include "sandbox/text.hpp"

namespace mlbilling::sandbox {
namespace {

constexpr std::size_t key_length = 22;
constexpr std::size_t proof_length = 24;
constexpr std::size_t unique_id_length = 16;

/// Counts the bookkeeping too, so that many tiny files are bounded as well.
std::uint64_t cost_of(const std::string& bytes) { return bytes.size() + 1024; }

std::string random_letters(Random& random) {
    std::string raw;
    for (int word = 0; word < 2; ++word) {
        const std::uint64_t bits = random.next();
        for (unsigned shift = 0; shift < 64; shift += 8)
            raw += static_cast<char>((bits >> shift) & 0xff);
    }
    return base64url(raw);
}

/// Real ids begin alike for one kind of file; nobody may rely on it.
std::string_view prefix_of(MessageKind kind) {
    switch (kind) {
        case MessageKind::voice: return "AwACAgIAAx";
        case MessageKind::audio: return "CQACAgIAAx";
        case MessageKind::video: return "BAACAgIAAx";
        case MessageKind::video_note: return "DQACAgIAAx";
        case MessageKind::text:
        case MessageKind::document: return "BQACAgIAAx";
    }
    return "BQACAgIAAx";
}

std::string_view folder_of(MessageKind kind) {
    switch (kind) {
        case MessageKind::voice: return "voice";
        case MessageKind::audio: return "music";
        case MessageKind::video: return "videos";
        case MessageKind::video_note: return "video_notes";
        case MessageKind::text:
        case MessageKind::document: return "documents";
    }
    return "documents";
}

std::string extension_of(const Attachment& file) {
    const auto dot = file.name.rfind('.');
    std::string extension = dot == std::string::npos ? "" : lower_case(file.name.substr(dot + 1));
    const bool plain = !extension.empty() && extension.size() <= 5 &&
                       std::all_of(extension.begin(), extension.end(), [](char c) {
                           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
                       });
    if (plain) return "." + extension;
    return file.kind == MessageKind::voice ? ".oga" : "";
}

}  // namespace

Files::Files(Random& random, std::uint64_t capacity)
    : random_(random), capacity_(capacity), secret_(random_letters(random)) {}

Attachment Files::add(std::string bytes, Attachment description) {
    description.key = random_letters(random_);
    description.unique_id = "AgAD" + fingerprint(bytes, unique_id_length);
    description.size = static_cast<std::int64_t>(bytes.size());
    held_ += cost_of(bytes);
    Stored stored{description, std::make_shared<const std::string>(std::move(bytes)),
                  next_number_++};
    key_of_path_.emplace(path_of(stored), description.key);
    stored_.emplace(description.key, std::move(stored));
    oldest_first_.push_back(description.key);
    while (held_ > capacity_ && oldest_first_.size() > 1) {
        const auto oldest = stored_.find(oldest_first_.front());
        held_ -= cost_of(*oldest->second.bytes);
        key_of_path_.erase(path_of(oldest->second));
        stored_.erase(oldest);
        oldest_first_.pop_front();
    }
    return description;
}

std::optional<Files::Stored> Files::find(const std::string& key) const {
    const auto found = stored_.find(key);
    return found == stored_.end() ? std::nullopt : std::optional(found->second);
}

std::string Files::proof(std::int64_t bot, const std::string& key) const {
    return fingerprint(std::to_string(bot) + ":" + key + ":" + secret_, proof_length);
}

std::string Files::file_id(std::int64_t bot, const Attachment& file) const {
    return std::string(prefix_of(file.kind)) + file.key + proof(bot, file.key);
}

std::optional<Files::Stored> Files::by_file_id(std::int64_t bot, const std::string& file_id) const {
    const auto prefix = prefix_of(MessageKind::document).size();
    if (file_id.size() != prefix + key_length + proof_length) return std::nullopt;
    const auto key = file_id.substr(prefix, key_length);
    auto stored = find(key);
    if (!stored || this->file_id(bot, stored->description) != file_id) return std::nullopt;
    return stored;
}

std::string Files::path_of(const Stored& file) const {
    return std::string(folder_of(file.description.kind)) + "/file_" + std::to_string(file.number) +
           extension_of(file.description);
}

std::optional<Files::Stored> Files::by_path(const std::string& path) const {
    const auto found = key_of_path_.find(path);
    return found == key_of_path_.end() ? std::nullopt : find(found->second);
}

}  // namespace mlbilling::sandbox
