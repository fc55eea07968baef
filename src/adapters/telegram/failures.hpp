#pragma once

#include <string_view>

#include "ports/telegram.hpp"

namespace mlbilling::telegram {

/// The one table of what Telegram's errors mean to us (telegram.md section 2). `code` is
/// error_code, which says little; the description decides, by lower-case parts of it.
Failure failure_for(int code, std::string_view description);

/// For an answer that is not from the Bot API at all, but from something before it.
Failure failure_for_foreign_answer(int status);

/// Names for metrics and logs, e.g. `too_many_requests`.
std::string_view to_string(Failure failure);

}  // namespace mlbilling::telegram
