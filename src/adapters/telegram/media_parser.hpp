#pragma once

#include <boost/json/fwd.hpp>
#include <optional>

#include "ports/telegram.hpp"

namespace mlbilling::telegram {

/// The file of a message: a voice, audio, video note, video or any document. Animations, which have
/// no sound, are left out. Nothing when there is none or it has no usable file_id.
std::optional<MediaFile> read_media(const boost::json::object& message);

}  // namespace mlbilling::telegram
