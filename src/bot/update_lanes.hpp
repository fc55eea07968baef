#pragma once

#include <list>
#include <map>
#include <vector>

#include "base/ids.hpp"
#include "bot/update_handler.hpp"
#include "ports/event.hpp"

namespace mlbilling::bot {

/// Hands updates on: those of one chat strictly one after the other, in the order in which they
/// came; those of different chats side by side.
///
/// The order of a chat also holds when two processes handle the same updates, as they do while the
/// polling changes hands or when a webhook is called twice. Each process takes a chat's updates in
/// their order and goes on only after a commit, and the first commit of an update wins by its key
/// in the inbox. So when an update commits for the first time, in whichever process, the one before
/// it had been committed there already, or recognised as committed.
class UpdateLanes {
  public:
    explicit UpdateLanes(UpdateHandler& handler) : handler_(handler) {}
    UpdateLanes(const UpdateLanes&) = delete;
    UpdateLanes& operator=(const UpdateLanes&) = delete;

    /// True when the update is done with: its effects are committed, or it cannot be handled at all
    /// and was given up. False when it has to come again.
    Async<bool> handle(telegram::Update update);

    /// The same for each of a batch. What follows a failed update in its chat is not tried.
    Async<std::vector<bool>> handle_all(std::vector<telegram::Update> updates);

  private:
    struct Batch;
    class Place;
    using Lane = std::list<Event>;

    Async<void> handle_in_order(Batch* batch, std::vector<std::size_t> lane);
    Async<bool> handle_one(telegram::Update update);
    /// Whether an update that fails for no reason of the outside is given up, so that it cannot
    /// block all others for ever.
    bool is_poison(UpdateId update);

    UpdateHandler& handler_;
    /// Those who wait for their turn in a chat, behind the one whose turn it is.
    std::map<ChatId, Lane> lanes_;
    std::map<UpdateId, int> odd_failures_;
};

}  // namespace mlbilling::bot
