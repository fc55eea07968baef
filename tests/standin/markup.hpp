#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace mlbilling::standin {

/// What TTS markup makes of a text, which v3 always applies (yandex.md 2.2): `+` and `**` are not
/// spoken, `sil<[300]>` is a pause, `<[small]>` one of unknown length.
struct Marked {
    std::size_t spoken_characters = 0;
    Duration pauses{};
};

/// Nothing when a pause is malformed or longer than 7,000 ms.
std::optional<Marked> read_markup(std::string_view text);

}  // namespace mlbilling::standin
