#include "adapters/rabbitmq/acknowledgements.hpp"

#include <utility>

#include "adapters/rabbitmq/frame_reader.hpp"
#include "base/check.hpp"

namespace mlbilling::rabbitmq {

void Acknowledgements::delivered(std::uint64_t tag) {
    if (tag != first_tag_ + states_.size()) throw BadData("a delivery out of order");
    states_.push_back(State::out);
}

void Acknowledgements::acknowledge(std::uint64_t tag) {
    state(tag) = State::acknowledged;
    fresh_.push_back(tag);
}

void Acknowledgements::settled(std::uint64_t tag) { state(tag) = State::settled; }

std::vector<Acknowledgements::Acknowledgement> Acknowledgements::take() {
    std::vector<Acknowledgement> said;
    if (fresh_.empty()) return said;
    // One word for all before the first that is still out. It must name a tag that the broker still
    // waits for.
    std::uint64_t last = 0;
    int covered = 0;
    for (; !states_.empty() && states_.front() != State::out; states_.pop_front(), ++first_tag_) {
        if (states_.front() != State::acknowledged) continue;
        last = first_tag_;
        ++covered;
    }
    if (covered > 0) said.push_back({last, covered > 1});
    for (const auto tag : std::exchange(fresh_, {})) {
        if (tag < first_tag_) continue;
        said.push_back({tag, false});
        state(tag) = State::settled;
    }
    return said;
}

void Acknowledgements::clear() {
    states_.clear();
    fresh_.clear();
    first_tag_ = 1;
}

Acknowledgements::State& Acknowledgements::state(std::uint64_t tag) {
    CHECK(tag >= first_tag_ && tag - first_tag_ < states_.size());
    return states_[static_cast<std::size_t>(tag - first_tag_)];
}

}  // namespace mlbilling::rabbitmq
