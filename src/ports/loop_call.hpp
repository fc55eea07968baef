#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <memory>
#include <utility>

namespace mlbilling {

/// A call that the loop makes once triggered, unless this has gone by then.
class LoopCall {
  public:
    LoopCall(boost::asio::any_io_executor loop, std::function<void()> act)
        : loop_(std::move(loop)),
          act_(std::make_shared<const std::function<void()>>(std::move(act))) {}

    /// On the loop; may outlive the call, and then does nothing.
    std::function<void()> trigger() const {
        return [loop = loop_, act = std::weak_ptr(act_)] {
            boost::asio::post(loop, [act] {
                if (const auto alive = act.lock()) (*alive)();
            });
        };
    }

  private:
    boost::asio::any_io_executor loop_;
    std::shared_ptr<const std::function<void()>> act_;
};

}  // namespace mlbilling
