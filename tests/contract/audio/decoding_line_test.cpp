// Nobody's recordings keep those of others waiting.
#include "adapters/audio/decoding_line.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <map>
#include <set>

#include "support/run.hpp"

namespace mlbilling::audio {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class Line : public testing::Test {
  protected:
    /// Asks for a turn; it is kept until it is given back.
    void ask(const std::string& name, const std::string& owner) {
        asio::co_spawn(loop, line.take_turn(owner),
                       [this, name](std::exception_ptr error, DecodingLine::Turn turn) {
                           if (error)
                               failed.insert(name);
                           else
                               turns[name] = std::move(turn);
                       });
        poll();
    }
    void give_back(const std::string& name) {
        turns.erase(name);
        poll();
    }
    void poll() {
        loop.restart();
        loop.poll();
    }
    std::set<std::string> who() const {
        std::set<std::string> names;
        for (const auto& [name, turn] : turns) names.insert(name);
        return names;
    }

    asio::io_context loop;
    DecodingLine line{
        {.threads = 1, .short_sounds = 1'000, .long_sounds = 1'000, .longest_wait = 10min}};
    std::map<std::string, DecodingLine::Turn> turns;
    std::set<std::string> failed;
};

TEST_F(Line, OneRecordingOfEachOwnerIsDecodedAtATime) {
    for (const auto* name : {"a1", "a2", "a3", "b1", "b2"}) ask(name, std::string(1, name[0]));
    EXPECT_EQ(who(), (std::set<std::string>{"a1", "b1"}));
    give_back("a1");
    EXPECT_EQ(who(), (std::set<std::string>{"a2", "b1"}));
    // One who comes later waits behind those that are in line.
    ask("a4", "a");
    give_back("a2");
    EXPECT_EQ(who(), (std::set<std::string>{"a3", "b1"}));
    give_back("b1");
    give_back("a3");
    EXPECT_EQ(who(), (std::set<std::string>{"a4", "b2"}));
    give_back("a4");
    give_back("b2");
    ask("a5", "a");
    EXPECT_EQ(who(), (std::set<std::string>{"a5"}));
    EXPECT_TRUE(failed.empty());
}

TEST_F(Line, AShortRecordingIsNotKeptWaitingByALongOne) {
    std::atomic<bool> short_one_is_done = false;
    const auto done = [](std::exception_ptr error, bool seen) {
        EXPECT_FALSE(error);
        EXPECT_TRUE(seen);
    };
    asio::co_spawn(loop,
                   line.run<bool>(2h,
                                  [&](const work_threads::Stop& stop) {
                                      while (!short_one_is_done && !stop.requested()) {
                                      }
                                      return short_one_is_done.load();
                                  }),
                   done);
    asio::co_spawn(loop,
                   line.run<bool>(10s,
                                  [&](const work_threads::Stop&) {
                                      short_one_is_done = true;
                                      return true;
                                  }),
                   done);
    loop.run();
}

TEST_F(Line, MemoryIsApartForShortRecordingsAndLongOnes) {
    const auto long_one = test::run(loop, line.reserve(2h, 1'000));
    EXPECT_TRUE(test::run(loop, line.reserve(10s, 1'000)));
}

}  // namespace
}  // namespace mlbilling::audio
