#include "bot/update_lanes.hpp"

#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include "bot_world.hpp"
#include "update_recorder.hpp"

namespace mlbilling::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class UpdateLanesTest : public BotWorld {
  protected:
    UpdateRecorder handler{clock};
    bot::UpdateLanes lanes{handler};
    std::vector<std::int64_t> refused;

    /// Hands in an update by itself, as a webhook does.
    void bring(std::int64_t id, std::int64_t chat_id,
               boost::asio::cancellation_signal* life = nullptr) {
        boost::asio::co_spawn(loop, lanes.handle({UpdateId(id), message("x", chat_id)}),
                              boost::asio::bind_cancellation_slot(
                                  life ? life->slot() : boost::asio::cancellation_slot(),
                                  [this, id](std::exception_ptr error, bool done) {
                                      if (!error && !done) refused.push_back(id);
                                  }));
        clock.drain();
    }
};

TEST_F(UpdateLanesTest, UpdatesOfOneChatTakeTurnsInTheOrderInWhichTheyCame) {
    handler.delays[1] = Duration(100);
    bring(1, 7);
    bring(2, 7);
    bring(3, 7);
    bring(4, 8);
    EXPECT_THAT(handler.begun, ElementsAre(1, 4));
    pass(Duration(100));
    EXPECT_THAT(handler.committed, ElementsAre(4, 1, 2, 3));
}

TEST_F(UpdateLanesTest, AFailedUpdateLetsTheNextHaveItsTurn) {
    handler.delays[1] = Duration(100);
    handler.failures[1] = 1;
    bring(1, 7);
    bring(2, 7);
    pass(Duration(100));
    EXPECT_THAT(refused, ElementsAre(1));
    EXPECT_THAT(handler.committed, ElementsAre(2));
}

TEST_F(UpdateLanesTest, OneThatIsCancelledWhileItWaitsLosesItsPlaceAndNobodyElseTheirs) {
    handler.delays[1] = Duration(100);
    boost::asio::cancellation_signal life;
    bring(1, 7);
    bring(2, 7, &life);
    bring(3, 7);
    life.emit(boost::asio::cancellation_type::terminal);
    clock.drain();
    EXPECT_THAT(handler.committed, IsEmpty());
    pass(Duration(100));
    EXPECT_THAT(handler.committed, ElementsAre(1, 3));
}

TEST_F(UpdateLanesTest, OneThatIsCancelledInItsTurnPassesTheTurnOn) {
    handler.delays[1] = Duration(1'000'000);
    boost::asio::cancellation_signal life;
    bring(1, 7, &life);
    bring(2, 7);
    life.emit(boost::asio::cancellation_type::terminal);
    clock.drain();
    EXPECT_THAT(handler.committed, ElementsAre(2));
}

}  // namespace
}  // namespace mlbilling::test
