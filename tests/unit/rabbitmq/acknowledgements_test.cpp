#include "adapters/rabbitmq/acknowledgements.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "adapters/rabbitmq/task_room.hpp"

namespace mlbilling::rabbitmq {
namespace {

using Said = std::vector<Acknowledgements::Acknowledgement>;

Acknowledgements with_delivered(std::uint64_t count) {
    Acknowledgements acknowledgements;
    for (std::uint64_t tag = 1; tag <= count; ++tag) acknowledgements.delivered(tag);
    return acknowledgements;
}

TEST(Acknowledgements, OfAllThatIsOutAreOneWord) {
    auto acknowledgements = with_delivered(3);
    for (const std::uint64_t tag : {2UL, 1UL, 3UL}) acknowledgements.acknowledge(tag);
    EXPECT_EQ(acknowledgements.take(), (Said{{3, true}}));
    EXPECT_EQ(acknowledgements.take(), Said{});
}

TEST(Acknowledgements, NeverCoverWhatIsStillOut) {
    auto acknowledgements = with_delivered(4);
    for (const std::uint64_t tag : {1UL, 2UL, 4UL}) acknowledgements.acknowledge(tag);
    EXPECT_EQ(acknowledgements.take(), (Said{{2, true}, {4, false}}));
    acknowledgements.acknowledge(3);
    EXPECT_EQ(acknowledgements.take(), (Said{{3, false}}));
}

// What a broker makes of the words: it closes the channel over a tag that it does not wait for.
struct Broker {
    std::set<std::uint64_t> out;

    void hear(const Acknowledgements::Acknowledgement& said) {
        RC_ASSERT(out.contains(said.tag));
        out.erase(said.multiple ? out.begin() : out.find(said.tag), out.upper_bound(said.tag));
    }
};

RC_GTEST_PROP(Acknowledgements, LeaveTheBrokerWaitingForWhatIsOutAndNothingElse, ()) {
    Acknowledgements acknowledgements;
    Broker broker;
    std::vector<std::uint64_t> out;
    std::uint64_t next = 1;
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4));
    for (const int step : steps) {
        if (step == 0) {
            broker.out.insert(next);
            out.push_back(next);
            acknowledgements.delivered(next++);
        } else if (step == 3) {
            for (const auto& said : acknowledgements.take()) broker.hear(said);
            RC_ASSERT(broker.out == std::set(out.begin(), out.end()));
        } else if (!out.empty()) {
            const auto place = *rc::gen::inRange<std::size_t>(0, out.size());
            const auto tag = out[place];
            out.erase(out.begin() + static_cast<std::ptrdiff_t>(place));
            if (step == 1) {
                acknowledgements.acknowledge(tag);
            } else {
                acknowledgements.settled(tag);
                broker.out.erase(tag);
            }
        }
    }
}

BrokerOptions room_for(int capacity) {
    BrokerOptions options;
    options.task_capacity = capacity;
    return options;
}

TEST(TaskRoom, CountsWhatWePublishUntilTheBrokerIsAskedAgain) {
    TaskRoom room(room_for(10));
    const TaskRoom::Moment now{};
    EXPECT_TRUE(room.is_stale(now));
    room.learned(4, now);
    EXPECT_EQ(room.room(), 6);
    room.sent();
    EXPECT_EQ(room.room(), 5);
    room.ended(true);
    EXPECT_EQ(room.room(), 5);
    room.sent();
    room.ended(false);
    EXPECT_EQ(room.room(), 5);
}

TEST(TaskRoom, CountsWhatIsOnItsWayBesideWhatTheBrokerKnows) {
    TaskRoom room(room_for(10));
    room.sent();
    room.learned(4, {});
    EXPECT_EQ(room.room(), 5);
    room.learned(50, {});
    EXPECT_EQ(room.room(), 0);
}

TEST(TaskRoom, BelievesAFullQueueForAShorterTime) {
    const auto options = room_for(10);
    TaskRoom room(options);
    room.learned(0, {});
    EXPECT_FALSE(room.is_stale(TaskRoom::Moment(options.depth_when_full)));
    EXPECT_TRUE(room.is_stale(TaskRoom::Moment(options.depth_when_empty)));
    room.learned(10, {});
    EXPECT_TRUE(room.is_stale(TaskRoom::Moment(options.depth_when_full)));
}

}  // namespace
}  // namespace mlbilling::rabbitmq
