#pragma once

#include <cstddef>
#include <set>
#include <string>

namespace mlbilling::standin {

/// How the stand-in behaves, beyond faults. `POST /control/settings` changes any of it.
struct Settings {
    /// Polls of an operation that answer "not yet".
    int polls = 2;
    /// Whether a synthesis in unsafe mode answers one Ogg stream for each 250 characters, chained,
    /// as it well may (yandex.md 2.3); else one for all.
    bool chained_pieces = true;
    /// Bytes of audio in one chunk of a v3 stream.
    std::size_t chunk_bytes = 16'000;
    /// Whether the quotas of yandex.md 6 are enforced.
    bool enforce_quotas = false;
    int synthesis_per_second = 40;
    int recognition_per_second = 20;
    int submissions_per_hour = 500;
    int polls_per_second = 5;
    /// Formats that the OpenAI-compatible server makes; self-hosted ones often lack some.
    std::set<std::string> openai_formats{"opus", "wav", "pcm"};
    /// Whether the record keeps the bodies of requests and answers.
    bool keep_bodies = false;
};

}  // namespace mlbilling::standin
