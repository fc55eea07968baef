#include "standin/faults.hpp"

#include "domain/names.hpp"

namespace mlbilling::standin {
namespace {

using Kind = Fault::Kind;

constexpr Names<Kind, 15> names{{{Kind::unauthenticated, "401"},
                                 {Kind::forbidden, "403"},
                                 {Kind::too_many, "429"},
                                 {Kind::internal, "500"},
                                 {Kind::unavailable, "503"},
                                 {Kind::gateway_timeout, "504"},
                                 {Kind::slow, "slow"},
                                 {Kind::slow_body, "slow_body"},
                                 {Kind::truncated, "truncated"},
                                 {Kind::error_line, "error_line"},
                                 {Kind::silence, "silence"},
                                 {Kind::empty, "empty"},
                                 {Kind::dropped, "dropped"},
                                 {Kind::dropped_after, "dropped_after"},
                                 {Kind::failed_operation, "failed_operation"}}};

bool makes_sense_for(const Fault& fault, Endpoint endpoint) {
    if (fault.endpoint && *fault.endpoint != endpoint) return false;
    if (fault.kind == Kind::error_line) return is_stream(endpoint);
    if (fault.kind == Kind::failed_operation) return endpoint == Endpoint::recognition_v3;
    return true;
}

}  // namespace

std::string_view name_of(Kind kind) { return mlbilling::name_of(names, kind); }

std::optional<Kind> fault_named(std::string_view name) { return value_of(names, name); }

bool Fault::has_effect() const {
    switch (kind) {
        case Kind::slow:
        case Kind::slow_body:
        case Kind::truncated:
        case Kind::error_line:
        case Kind::silence:
        case Kind::empty:
        case Kind::dropped_after:
        case Kind::failed_operation: return true;
        default: return false;
    }
}

void Faults::add(const Fault& fault, std::uint64_t seed) {
    faults_.push_back({fault, std::mt19937_64(seed)});
}

std::optional<Fault> Faults::strike(Endpoint endpoint) {
    for (auto it = faults_.begin(); it != faults_.end(); ++it) {
        if (!makes_sense_for(it->fault, endpoint)) continue;
        if (it->fault.rate > 0) {
            std::uniform_real_distribution<double> draw(0, 1);
            if (draw(it->chance) < it->fault.rate) return it->fault;
            continue;
        }
        const auto fault = it->fault;
        if (--it->fault.count <= 0) faults_.erase(it);
        return fault;
    }
    return std::nullopt;
}

}  // namespace mlbilling::standin
