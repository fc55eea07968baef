#pragma once

#include <map>
#include <optional>
#include <string>

#include "bot/options.hpp"

namespace mlbilling::bot {

/// A short phrase in a voice, ready to be sent: by the file_id of an earlier sending, or as bytes.
struct Sample {
    std::string file_id;
    std::string ogg_opus;
    Duration duration{};
};

/// Samples of the voices, free for everybody: spoken once, then sent again by file_id, which
/// Telegram keeps for the bot (telegram.md 1.4).
class Samples {
  public:
    explicit Samples(const Dependencies& outside)
        : speech_(outside.speech), codec_(outside.codec) {}

    /// Nothing when the provider cannot speak now.
    Async<std::optional<Sample>> sample(Voice voice);
    void remember(const std::string& voice, std::string file_id);
    void forget(const std::string& voice) { file_ids_.erase(voice); }

  private:
    Async<std::optional<Sample>> speak(Voice voice);

    Speech& speech_;
    AudioCodec& codec_;
    /// By voice id; never more than the provider has voices.
    std::map<std::string, std::string> file_ids_;
};

}  // namespace mlbilling::bot
