#pragma once

#include <cstdint>
#include <deque>
#include <vector>

namespace mlbilling::rabbitmq {

/// Gathers the acknowledgements of one turn of the loop and says them in as few words as AMQP
/// allows: everything up to a tag in one, the rest one by one. Tags count from 1 on a channel.
class Acknowledgements {
  public:
    struct Acknowledgement {
        std::uint64_t tag = 0;
        /// And all before it.
        bool multiple = false;
        friend bool operator==(const Acknowledgement&, const Acknowledgement&) = default;
    };

    /// Tags arrive in order, without gaps; throws BadData when they do not.
    void delivered(std::uint64_t tag);
    void acknowledge(std::uint64_t tag);
    /// It has been given back or refused: the broker waits for no word about it.
    void settled(std::uint64_t tag);

    /// What is to be said now.
    std::vector<Acknowledgement> take();
    void clear();

  private:
    enum class State : std::uint8_t { out, acknowledged, settled };

    State& state(std::uint64_t tag);

    std::deque<State> states_;
    std::uint64_t first_tag_ = 1;
    std::vector<std::uint64_t> fresh_;
};

}  // namespace mlbilling::rabbitmq
