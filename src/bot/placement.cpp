#include "bot/placement.hpp"

namespace mlbilling::bot {

bool Placement::give_way(telegram::Failure failure) {
    using telegram::Failure;
    const bool of_place = failure == Failure::reply_gone || failure == Failure::topic_closed;
    // Descriptions are not promised: what we do not know may speak of the reply as well.
    const bool perhaps = failure == Failure::write_forbidden || failure == Failure::bad_request;
    if ((of_place || perhaps) && reply_to_) {
        reply_to_.reset();
        return true;
    }
    if (of_place && topic_) {
        topic_.reset();
        return true;
    }
    return false;
}

}  // namespace mlbilling::bot
