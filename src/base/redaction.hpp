#pragma once

#include <string>
#include <string_view>

namespace mlbilling::log {

/// As redact() of log.hpp, for what is renewed again and again, such as an IAM token: the newest 16
/// are kept. Any thread.
void redact_passing(std::string secret);

/// The text with `***` in the place of every secret that redact() and redact_passing() were told,
/// as it is, percent-encoded, percent-decoded or escaped for JSON; also of a beginning of one at
/// the text's end, where somebody may have cut it. For what is shown and does not go through the
/// log. Any thread.
std::string without_secrets(std::string_view text);

}  // namespace mlbilling::log
