#include "adapters/audio/decoding_line.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "ports/until.hpp"

// The budgets are members of the line, or held by the call.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::audio {

namespace asio = boost::asio;

namespace {

constexpr std::size_t one_turn = 1;

}  // namespace

Async<DecodingLine::Memory> DecodingLine::share_of(MemoryBudget& budget, std::size_t bytes,
                                                   std::string too_late) {
    Event late;
    asio::steady_timer timer(co_await asio::this_coro::executor, options_.longest_wait);
    timer.async_wait([late](boost::system::error_code error) mutable {
        if (!error) late.set();
    });
    auto share = co_await until(late, budget.reserve(bytes));
    if (!share) throw Unavailable(too_late);
    co_return std::make_shared<MemoryBudget::Share>(*std::move(share));
}

Async<DecodingLine::Memory> DecodingLine::reserve(Duration recording, std::size_t bytes) {
    auto& budget = recording <= short_recording ? short_sounds_ : long_sounds_;
    return share_of(budget, bytes, "the sound of other recordings left no memory for too long");
}

Async<DecodingLine::Turn> DecodingLine::take_turn(std::string owner) {
    std::erase_if(turns_, [](const auto& turn) {
        return turn.second.use_count() == 1 && turn.second->free() == one_turn;
    });
    auto& entry = turns_[std::move(owner)];
    if (!entry) entry = std::make_shared<MemoryBudget>(one_turn);
    // Kept while somebody waits for it.
    const auto turn = entry;
    co_return co_await share_of(*turn, one_turn, "the owner's other recordings took too long");
}

}  // namespace mlbilling::audio
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
