#include "adapters/telegram/media_parser.hpp"

#include <array>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <utility>

#include "adapters/telegram/json_fields.hpp"

namespace mlbilling::telegram {

namespace json = boost::json;

namespace {

using Kind = MediaFile::Kind;

constexpr std::array<std::pair<Kind, std::string_view>, 5> kinds{{{Kind::voice, "voice"},
                                                                  {Kind::audio, "audio"},
                                                                  {Kind::video_note, "video_note"},
                                                                  {Kind::video, "video"},
                                                                  {Kind::document, "document"}}};
constexpr std::size_t longest_file_id = 512;
constexpr std::size_t longest_label = 1024;
constexpr std::int64_t longest_duration_s = 10'000'000;

std::optional<MediaFile> read_file(Kind kind, const json::object& object) {
    auto file_id = text_in(object, "file_id", longest_file_id);
    if (!file_id || file_id->empty()) return std::nullopt;
    MediaFile file;
    file.kind = kind;
    file.file_id = std::move(*file_id);
    file.file_unique_id = text_in(object, "file_unique_id", longest_file_id).value_or("");
    file.mime_type = text_in(object, "mime_type", longest_label).value_or("");
    file.file_name = text_in(object, "file_name", longest_label).value_or("");
    const auto seconds = integer_in(object, "duration");
    if (seconds && *seconds >= 0 && *seconds <= longest_duration_s)
        file.duration = std::chrono::seconds(*seconds);
    const auto size = integer_in(object, "file_size");
    if (size >= 0) file.size = size;
    return file;
}

}  // namespace

std::optional<MediaFile> read_media(const json::object& message) {
    // An animation comes twice, as itself and as a document.
    if (message.contains("animation")) return std::nullopt;
    for (const auto& [kind, name] : kinds)
        if (const auto* object = object_in(message, name)) return read_file(kind, *object);
    return std::nullopt;
}

}  // namespace mlbilling::telegram
