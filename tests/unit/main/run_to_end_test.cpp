#include "main/run_to_end.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

#include "base/log_lines.hpp"

namespace mlbilling {
namespace {

Async<int> work(boost::asio::io_context* loop) {
    for (int turn = 0; turn < 3; ++turn)
        co_await boost::asio::post(*loop, boost::asio::use_awaitable);
    co_return 7;
}

Async<void> failing_work(boost::asio::io_context* loop) {
    co_await boost::asio::post(*loop, boost::asio::use_awaitable);
    throw std::runtime_error("the work itself");
}

TEST(RunToEnd, WhatNobodyWaitsForEndsAloneWithOneLine) {
    boost::asio::io_context loop;
    const auto errors = log::lines(log::Level::error);
    boost::asio::post(loop, [] { throw std::length_error("field value too large"); });
    EXPECT_EQ(run_to_end(loop, work(&loop)), 7);
    EXPECT_EQ(log::lines(log::Level::error), errors + 1);
}

TEST(RunToEnd, WhatTheWorkThrowsComesOut) {
    boost::asio::io_context loop;
    EXPECT_THROW(run_to_end(loop, failing_work(&loop)), std::runtime_error);
}

}  // namespace
}  // namespace mlbilling
