#include "bot/recording_kinds.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "bot/command.hpp"

namespace mlbilling::bot {
namespace {

/// Of what the decoders read, as files are named.
constexpr std::array recordings{
    ".3g2", ".3ga",  ".3gp", ".3gpp", ".aac", ".adts", ".aif",  ".aifc", ".aiff", ".amr", ".asf",
    ".au",  ".avi",  ".awb", ".caf",  ".f4a", ".f4v",  ".fla",  ".flac", ".flv",  ".m2a", ".m4a",
    ".m4b", ".m4r",  ".m4v", ".mka",  ".mkv", ".mov",  ".mp2",  ".mp3",  ".mp4",  ".mpa", ".mpeg",
    ".mpg", ".mpga", ".mts", ".oga",  ".ogg", ".ogm",  ".ogv",  ".ogx",  ".opus", ".qt",  ".rf64",
    ".snd", ".spx",  ".ts",  ".vob",  ".wav", ".wave", ".weba", ".webm", ".wma",  ".wmv"};

/// What people send most of all else, and is not worth a look.
constexpr std::array others{
    ".7z",   ".apk",  ".bat", ".bmp",  ".bz2",     ".c",   ".cpp",  ".csv",  ".doc",
    ".docx", ".epub", ".exe", ".fb2",  ".gif",     ".gz",  ".heic", ".htm",  ".html",
    ".ics",  ".ini",  ".jar", ".jpeg", ".jpg",     ".js",  ".json", ".log",  ".m3u",
    ".m3u8", ".md",   ".mid", ".midi", ".msi",     ".odt", ".pdf",  ".php",  ".png",
    ".ppt",  ".pptx", ".ps1", ".py",   ".rar",     ".rtf", ".sh",   ".sql",  ".srt",
    ".svg",  ".tar",  ".tgs", ".tiff", ".torrent", ".txt", ".vcf",  ".webp", ".xls",
    ".xlsx", ".xml",  ".xz",  ".yaml", ".yml",     ".zip", ".zst"};

/// Media types that senders give to whatever they do not know, recordings included.
constexpr std::array says_nothing{
    "application/octet-stream", "binary/octet-stream",    "application/binary",
    "application/x-binary",     "application/unknown",    "application/x-unknown",
    "application/download",     "application/x-download", "application/force-download",
    "application/x-wav",        "application/wav",        "application/wave",
    "application/x-mp3",        "application/mp3",        "application/mp4",
    "application/x-m4a",        "application/x-flac",     "application/x-caf",
    "application/x-matroska",   "unknown/unknown",        "*/*"};

constexpr std::array sound{"application/ogg", "application/x-ogg", "application/opus"};

/// A minute of WAV, an hour of a voice message.
constexpr std::int64_t worth_a_look = std::int64_t{8} << 20;

bool ends_with(std::string_view name, std::string_view ending) {
    return name.size() >= ending.size() &&
           same_name(name.substr(name.size() - ending.size()), ending);
}

bool has_ending(std::string_view name, std::span<const char* const> endings) {
    return std::ranges::any_of(endings, [&](const char* end) { return ends_with(name, end); });
}

bool is_one_of(std::string_view type, std::span<const char* const> types) {
    return std::ranges::any_of(types, [&](const char* known) { return same_name(type, known); });
}

/// "audio/ogg; codecs=opus" is audio/ogg.
std::string_view without_parameters(std::string_view type) {
    type = type.substr(0, type.find(';'));
    while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
    return type;
}

bool is_small(const telegram::MediaFile& file) {
    const auto size = file.size.value_or(0);
    return size > 0 && size <= worth_a_look;
}

}  // namespace

bool is_recording(const telegram::MediaFile& file) {
    if (file.kind != telegram::MediaFile::Kind::document) return true;
    const auto type = without_parameters(file.mime_type);
    if (same_name(type.substr(0, 6), "audio/") || same_name(type.substr(0, 6), "video/"))
        return true;
    if (is_one_of(type, sound)) return true;
    if (!type.empty() && !is_one_of(type, says_nothing)) return false;
    if (has_ending(file.file_name, recordings)) return true;
    return !has_ending(file.file_name, others) && is_small(file);
}

}  // namespace mlbilling::bot
