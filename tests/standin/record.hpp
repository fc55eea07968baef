#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "base/time.hpp"
#include "standin/call.hpp"

namespace mlbilling::standin {

/// What was called: for tests which prove that nothing was paid for twice.
class Record {
  public:
    struct Entry {
        std::uint64_t number = 0;
        Endpoint endpoint{};
        Time at;
        int status = 0;
        bool paid = false;
        std::string fingerprint;
        std::string summary;
        std::string fault;
        std::string client_request_id;
        /// Only when bodies are kept.
        std::string request_body;
        std::string answer_body;
    };

    void add(Entry entry);
    void clear();

    /// The last so many calls, with bodies as far as they were kept, as JSON.
    std::string calls() const;
    /// How many calls each endpoint had, how many were paid for, and what was paid for twice.
    std::string summary() const;

  private:
    std::deque<Entry> entries_;
    std::map<Endpoint, std::uint64_t> counts_;
    /// Times that the same work was paid for.
    std::map<std::pair<Endpoint, std::string>, int> paid_;
    std::uint64_t paid_calls_ = 0;
    std::uint64_t next_ = 1;
};

}  // namespace mlbilling::standin
