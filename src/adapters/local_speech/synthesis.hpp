#pragma once

#include <string>
#include <string_view>

#include "adapters/child_process/child_process.hpp"
#include "adapters/local_speech/voice_table.hpp"
#include "ports/speech.hpp"

namespace mlbilling::local_speech {

/// More speech than this is refused: about three times the longest message.
constexpr Duration longest_speech{30 * 60 * 1'000};
/// Whether so many code points take longer than that; nobody speaks 17 of them a second at normal
/// speed.
bool is_too_long(std::size_t code_points, int speed_percent);

struct Programs {
    /// espeak-ng is GPL-3+: a program of its own, never linked (audio.md 1).
    std::string espeak = "espeak-ng";
    /// A program of its own too: what it makes of a hostile text can neither end this process nor
    /// outlast its deadline.
    std::string flite = "flite";
};

/// The run that reads the text aloud as WAV. The text goes in as a file, never as an argument;
/// markup and the engines' own commands in it are read as text.
child_process::ChildCommand synthesis_command(const Programs& programs, const LocalVoice& voice,
                                              std::string_view valid_utf8, int speed_percent,
                                              Duration deadline);

/// What the run means. A sound in which nothing can be heard comes back empty.
Provided<Sound> read_synthesis(const child_process::ChildResult& result, Engine engine);

}  // namespace mlbilling::local_speech
