#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/openai/options.hpp"
#include "adapters/yandex/options.hpp"

namespace mlbilling {

/// Who speaks and listens (interface.md, Configuration).
struct SpeechConfig {
    /// `local`, `yandex`, `openai`: tried in this order; never empty.
    std::vector<std::string> providers{"local"};
    /// Present when the provider is among them.
    std::optional<yandex::Options> yandex;
    std::optional<openai::Options> openai;
};

}  // namespace mlbilling
