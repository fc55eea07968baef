#pragma once

#include <optional>
#include <string_view>

#include "base/time.hpp"
#include "ports/store/notice.hpp"

namespace mlbilling {

/// How deliveries.kind names what the user is told.
std::string_view to_string(Notice::Kind kind);
std::optional<Notice::Kind> parse_notice_kind(std::string_view name);

/// Says that the task will be ready in that time.
Notice waits_for_turn(Duration ready_in);

}  // namespace mlbilling
