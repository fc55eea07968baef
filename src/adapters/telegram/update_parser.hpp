#pragma once

#include <boost/json/fwd.hpp>
#include <vector>

#include "base/ids.hpp"
#include "ports/telegram.hpp"

namespace mlbilling::telegram {

/// Reads the result of getUpdates for the bot of that id. Unknown fields and kinds of update do no
/// harm. A message or query that cannot be read is left out of its Update and logged by the
/// update's id, so that it can be confirmed instead of coming back for ever; an entry without a
/// usable update_id cannot be confirmed and makes the whole answer unreadable.
Outcome<std::vector<Update>> read_updates(const boost::json::value& result, BotId bot);

/// One update, as a webhook brings it too; nothing without a usable update_id.
std::optional<Update> read_update(const boost::json::value& value, BotId bot);

}  // namespace mlbilling::telegram
