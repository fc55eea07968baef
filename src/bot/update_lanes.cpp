#include "bot/update_lanes.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/log.hpp"
#include "base/unavailable.hpp"
#include "ports/all.hpp"
#include "ports/cancellation.hpp"

namespace mlbilling::bot {
namespace {

constexpr int odd_failures_allowed = 3;
/// Updates whose odd failures are counted; some of them succeed in another process, which nobody
/// tells this one.
constexpr std::size_t odd_failures_kept = 1'000;

/// Updates of one chat stay in order; a button under a message too old to be named counts as the
/// private chat with its user.
ChatId lane_of(const telegram::Update& update) {
    if (const auto* message = std::get_if<telegram::IncomingMessage>(&update.content))
        return message->chat.id;
    if (const auto* query = std::get_if<telegram::CallbackQuery>(&update.content))
        return query->chat ? query->chat->id : ChatId(query->from.id.value());
    return ChatId(0);
}

}  // namespace

struct UpdateLanes::Batch {
    std::vector<telegram::Update> updates;
    std::vector<bool> done;
};

/// A place in a chat's lane; the turn passes on when it goes away.
class UpdateLanes::Place {
  public:
    Place(UpdateLanes& lanes, ChatId chat)
        : lanes_(lanes.lanes_), chat_(chat), place_(lanes_[chat].emplace(lanes_[chat].end())) {
        if (place_ == lanes_[chat].begin()) place_->set();
    }
    ~Place() {
        auto& lane = lanes_[chat_];
        lane.erase(place_);
        if (lane.empty())
            lanes_.erase(chat_);
        else
            lane.front().set();
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    Async<bool> turn() { return place_->wait(); }

  private:
    std::map<ChatId, Lane>& lanes_;
    ChatId chat_;
    Lane::iterator place_;
};

Async<bool> UpdateLanes::handle(telegram::Update update) {
    Place place(*this, lane_of(update));
    co_await place.turn();
    co_return co_await handle_one(std::move(update));
}

Async<std::vector<bool>> UpdateLanes::handle_all(std::vector<telegram::Update> updates) {
    using Indexes = std::vector<std::size_t>;
    std::vector<std::pair<ChatId, Indexes>> lanes;
    for (std::size_t i = 0; i < updates.size(); ++i) {
        const auto chat = lane_of(updates[i]);
        auto lane = std::ranges::find(lanes, chat, &std::pair<ChatId, Indexes>::first);
        if (lane == lanes.end()) lane = lanes.insert(lanes.end(), {chat, {}});
        lane->second.push_back(i);
    }
    Batch batch;
    batch.done.resize(updates.size(), false);
    batch.updates = std::move(updates);
    std::vector<Async<void>> works;
    works.reserve(lanes.size());
    for (auto& [chat, indexes] : lanes)
        works.push_back(handle_in_order(&batch, std::move(indexes)));
    co_await all(std::move(works));
    co_return std::move(batch.done);
}

Async<void> UpdateLanes::handle_in_order(Batch* batch, std::vector<std::size_t> lane) {
    Place place(*this, lane_of(batch->updates[lane.front()]));
    co_await place.turn();
    for (const auto index : lane) {
        // What follows a failed update in its chat waits for it.
        if (!co_await handle_one(std::move(batch->updates[index]))) co_return;
        batch->done[index] = true;
    }
}

Async<bool> UpdateLanes::handle_one(telegram::Update update) {
    const auto id = update.id;
    std::string odd;
    try {
        co_await handler_.handle(std::move(update));
        co_return true;
    } catch (const Unavailable& error) {
        log::warning("an update is not stored and will come again",
                     {{"update", id}, {"error", error.what()}});
        co_return false;
    } catch (const std::exception& error) {
        if (is_cancellation(error)) throw;
        odd = error.what();
    }
    const bool given_up = is_poison(id);
    log::error(given_up ? "an update cannot be handled and is passed over"
                        : "an update cannot be handled and will come again",
               {{"update", id}, {"error", odd}});
    co_return given_up;
}

bool UpdateLanes::is_poison(UpdateId update) {
    if (odd_failures_.size() > odd_failures_kept) odd_failures_.clear();
    if (++odd_failures_[update] < odd_failures_allowed) return false;
    odd_failures_.erase(update);
    return true;
}

}  // namespace mlbilling::bot
