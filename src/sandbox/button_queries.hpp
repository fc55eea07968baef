#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/time.hpp"

namespace mlbilling::sandbox {

/// Pressed buttons that wait for answerCallbackQuery.
class ButtonQueries {
  public:
    struct Query {
        std::int64_t chat = 0;
        std::int64_t message = 0;
    };

    /// Ids count up from `first_id`.
    explicit ButtonQueries(std::int64_t first_id) : next_id_(first_id) {}

    std::string open(Query query, Time now);
    /// Ends the query. Nothing when it is unknown, was answered already, or is older than 150 s:
    /// then its user no longer waits.
    std::optional<Query> answer(const std::string& id, Time now);

  private:
    struct Open {
        Query query;
        Time expires;
    };
    void forget_old(Time now);

    std::int64_t next_id_;
    std::map<std::int64_t, Open> open_;
};

}  // namespace mlbilling::sandbox
