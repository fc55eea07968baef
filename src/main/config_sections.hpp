#pragma once

#include "main/config.hpp"
#include "main/config_reader.hpp"

namespace mlbilling {

/// DATABASE_URL, RABBITMQ_URL, RESULT_STORE_URL.
void read_storage(ConfigReader& reader, Config& config);
/// SPEECH_PROVIDER, YANDEX_…, OPENAI_….
void read_speech(ConfigReader& reader, Config& config);

}  // namespace mlbilling
