#pragma once

#include <string>

#include "standin/hearing.hpp"

namespace mlbilling::standin {

/// What an operation has understood, and how it was asked to write it.
struct Transcription {
    Heard heard;
    std::string language;
    /// Whether refinements follow the finals.
    bool normalised = false;
    /// Whether these have capitals and full stops.
    bool literature = false;
    std::string session;
    std::string request;
};

/// The events of getRecognition, one JSON object a line, with defaults and 64-bit numbers as a
/// gateway writes them (yandex.md 4.4): for each started quarter of a minute a final, and its
/// refinement; at last the end of the utterance. Silence gives the end alone.
std::string transcript_stream(const Transcription& transcription);

}  // namespace mlbilling::standin
