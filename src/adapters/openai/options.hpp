#pragma once

#include <string>
#include <vector>

#include "adapters/http_client/http_client.hpp"
#include "domain/micro_roubles.hpp"
#include "ports/speech.hpp"

namespace mlbilling::openai {

/// A voice that users see, and what the server calls it: these voices speak any language, so one of
/// the server's is several of ours.
struct NamedVoice {
    Voice voice;
    std::string name;
};

/// Alloy, Nova and others in Russian and English, the first of each language its default.
std::vector<NamedVoice> default_voices();

/// `name:language[,name:language…]`, e.g. `af_bella:en,ru_speaker:ru`: the voices of a server that
/// is not OpenAI's own. Titles are made of the names. A problem says which entry is wrong.
Result<std::vector<NamedVoice>> parse_voices(std::string_view list);

/// OpenAI itself is quick; a server of one's own may speak on a CPU.
TimeLimits default_time_limits(std::string_view base_url);

/// What the operator pays; zero for a server of one's own.
struct Prices {
    MicroRoubles per_character;
    MicroRoubles per_second;
};

struct Options {
    /// `https://api.openai.com/v1` or the like: everything before `/audio/speech`.
    std::string base_url;
    /// Empty: no Authorization header is sent.
    std::string api_key;
    std::string synthesis_model = "gpt-4o-mini-tts";
    std::string recognition_model = "whisper-1";
    std::vector<NamedVoice> voices = default_voices();
    Prices prices;
    TimeLimits time_limits;
    HttpOptions http;
};

}  // namespace mlbilling::openai
