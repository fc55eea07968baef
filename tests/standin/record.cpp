#include "standin/record.hpp"

#include <boost/json.hpp>

namespace mlbilling::standin {
namespace {

namespace json = boost::json;

constexpr std::size_t most_entries = 20'000;

json::object json_of(const Record::Entry& entry) {
    json::object call{{"number", entry.number},
                      {"endpoint", name_of(entry.endpoint)},
                      {"at", entry.at.time_since_epoch().count()},
                      {"status", entry.status},
                      {"paid", entry.paid},
                      {"fingerprint", entry.fingerprint},
                      {"summary", entry.summary},
                      {"fault", entry.fault},
                      {"client_request_id", entry.client_request_id}};
    if (!entry.request_body.empty()) call["request_body"] = entry.request_body;
    if (!entry.answer_body.empty()) call["answer_body"] = entry.answer_body;
    return call;
}

}  // namespace

void Record::add(Entry entry) {
    entry.number = next_++;
    ++counts_[entry.endpoint];
    if (entry.paid) {
        ++paid_calls_;
        ++paid_[{entry.endpoint, entry.fingerprint}];
    }
    if (entries_.size() >= most_entries) entries_.pop_front();
    entries_.push_back(std::move(entry));
}

void Record::clear() { *this = Record(); }

std::string Record::calls() const {
    json::array calls;
    for (const auto& entry : entries_) calls.push_back(json_of(entry));
    return json::serialize(json::object{{"calls", std::move(calls)}});
}

std::string Record::summary() const {
    json::object counts;
    for (const auto& [endpoint, count] : counts_) counts[name_of(endpoint)] = count;
    json::array repeated;
    for (const auto& [work, times] : paid_)
        if (times > 1)
            repeated.push_back({{"endpoint", name_of(work.first)},
                                {"fingerprint", work.second},
                                {"times", times}});
    return json::serialize(json::object{{"counts", std::move(counts)},
                                        {"paid", paid_calls_},
                                        {"paid_distinct", paid_.size()},
                                        {"paid_more_than_once", std::move(repeated)}});
}

}  // namespace mlbilling::standin
