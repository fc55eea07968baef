#pragma once

#include <string_view>

namespace mlbilling::telegram {

/// Whether a file_path of getFile may be put behind our file base: two or more segments of
/// [A-Za-z0-9_.-], the first without a dot, none of them `.` or with `..` (reliability.md 7). So it
/// can name neither another host nor another bot.
bool is_safe_file_path(std::string_view path);

}  // namespace mlbilling::telegram
