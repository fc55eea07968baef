#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "ports/results.hpp"

namespace mlbilling::test {

/// One empty result store to be tested.
class ResultStoreHarness {
  public:
    virtual ~ResultStoreHarness() = default;

    virtual boost::asio::io_context& loop() = 0;
    virtual ResultStore& store() = 0;
    /// A moment after everything that was put so far and before everything put later.
    virtual Time between() = 0;
};

struct ResultStoreMaker {
    std::string name;
    std::function<std::unique_ptr<ResultStoreHarness>()> make;
};

/// What every result store promises (ports/results.hpp). An adapter instantiates it with its maker.
class ResultStoreContract : public testing::TestWithParam<ResultStoreMaker> {
  protected:
    void put(const std::string& key, std::string bytes);
    std::optional<std::string> get(const std::string& key);
    std::optional<std::size_t> size_of(const std::string& key);
    void remove(const std::string& key);
    int remove_older_than(Time moment);

    std::unique_ptr<ResultStoreHarness> harness_ = GetParam().make();
};

}  // namespace mlbilling::test
