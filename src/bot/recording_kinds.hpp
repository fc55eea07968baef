#pragma once

#include "ports/telegram.hpp"

namespace mlbilling::bot {

/// Whether a file is a recording that may hold speech: every kind but documents that are something
/// else by type or, where that says nothing, by name. What neither tells is worth a look when it is
/// small: the worker finds out by its first bytes, and charges nothing for what is no recording.
bool is_recording(const telegram::MediaFile& file);

}  // namespace mlbilling::bot
