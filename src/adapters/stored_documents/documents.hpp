#pragma once

#include <map>
#include <string>
#include <string_view>

#include "ports/store/records.hpp"

namespace mlbilling {

/// The columns that hold JSON. Reading CHECKs that the text is what writing made, fields that a
/// later release may add apart.
std::string to_json(const Payload& payload);
Payload payload_from_json(std::string_view text);

/// The beginning of to_json(payload), for a statement that adds `,"voice":…,"speed_percent":…,
/// "spoken_language":…,"reply_format":…}` from the user's settings.
std::string beginning_of_payload(const Payload& payload);

std::string to_json(const TaskResult& result);
TaskResult result_from_json(std::string_view text);

std::string to_json(const std::map<std::string, std::string>& facts);
std::map<std::string, std::string> facts_from_json(std::string_view text);

}  // namespace mlbilling
