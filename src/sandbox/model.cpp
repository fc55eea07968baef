#include "sandbox/model.hpp"

#include <array>
#include <utility>

namespace mlbilling::sandbox {
namespace {

constexpr std::array<std::pair<MessageKind, std::string_view>, 6> names{{
    {MessageKind::text, "text"},
    {MessageKind::voice, "voice"},
    {MessageKind::audio, "audio"},
    {MessageKind::document, "document"},
    {MessageKind::video, "video"},
    {MessageKind::video_note, "video_note"},
}};

}  // namespace

std::string_view name_of(MessageKind kind) {
    for (const auto& [value, name] : names) {
        if (value == kind) return name;
    }
    return "text";
}

std::optional<MessageKind> kind_named(std::string_view wanted) {
    for (const auto& [value, name] : names) {
        if (name == wanted) return value;
    }
    return std::nullopt;
}

}  // namespace mlbilling::sandbox
