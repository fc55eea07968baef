#include "adapters/yandex/quota_gate.hpp"

#include <algorithm>

namespace mlbilling::yandex {
namespace {

/// For how long ahead a block is reserved, and for how long a slot may be used late: what that can
/// bunch together is far below what a quota of a second would notice.
constexpr Duration moment{150};
/// Said where the time was up before anybody knew when the next slot comes.
constexpr Duration unknown_wait{1'000};

}  // namespace

/// A slot that is being waited for. It goes back when the wait is cut off.
class QuotaGate::Claim {
  public:
    explicit Claim(QuotaGate& gate) : gate_(gate), slot_(gate.slots_.front()) {
        gate_.slots_.pop_front();
    }
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;
    ~Claim() {
        if (used_) return;
        auto& slots = gate_.slots_;
        slots.insert(std::upper_bound(slots.begin(), slots.end(), slot_), slot_);
    }

    Time slot() const { return slot_; }
    void use() { used_ = true; }

  private:
    QuotaGate& gate_;
    Time slot_;
    bool used_ = false;
};

Async<Duration> QuotaGate::pass(Time deadline) {
    if (rate_.count <= 0) co_return Duration(0);
    drop_stale();
    while (slots_.empty()) {
        if (clock_.now() >= deadline) co_return unknown_wait;
        ++waiting_;
        struct Leave {
            int& waiting;
            ~Leave() { --waiting; }
        };
        const Leave leave{waiting_};
        if (reserving_)
            co_await reserved_.wait_within(clock_, deadline - clock_.now());
        else
            co_await reserve();
        drop_stale();
    }
    const auto wait = slots_.front() - clock_.now();
    if (slots_.front() > deadline) co_return std::max(wait, Duration(1));
    Claim claim(*this);
    if (wait > Duration(0)) co_await clock_.sleep(wait);
    claim.use();
    co_return Duration(0);
}

Async<void> QuotaGate::reserve() {
    struct Reserving {
        bool& under_way;
        Event& ended;
        ~Reserving() {
            under_way = false;
            ended.set();
        }
    };
    reserving_ = true;
    reserved_.reset();
    const Reserving reserving{reserving_, reserved_};
    const int count = block();
    const auto wait = co_await quotas_.reserve(name_, rate_, count);
    const auto first = clock_.now() + wait;
    for (int slot = 0; slot < count; ++slot) slots_.push_back(first + offset(slot));
}

/// What is waited for now, but no more than a moment's worth.
int QuotaGate::block() const {
    const auto most = std::max<std::int64_t>(1, moment * rate_.count / rate_.per);
    return static_cast<int>(std::clamp<std::int64_t>(waiting_, 1, most));
}

void QuotaGate::drop_stale() {
    const auto oldest = clock_.now() - moment;
    while (!slots_.empty() && slots_.front() < oldest) slots_.pop_front();
}

Duration QuotaGate::offset(int slot) const { return rate_.per * slot / rate_.count; }

}  // namespace mlbilling::yandex
