#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace mlbilling::yandex {

/// Whether the `result` of one message is a stretch of speech, or says that one has ended.
bool tells_of_speech(const boost::json::object& result);

/// Puts a transcript together from the messages of getRecognition: utterances by channel and
/// number, a refined one (numbers, capitals, punctuation) in place of the plain one, all in the
/// order in which they were spoken. Other messages are passed over.
class TranscriptAssembly {
  public:
    /// The `result` of one message.
    void add(const boost::json::object& result);
    std::string text() const;

  private:
    struct Utterance {
        std::int64_t starts_at = 0;
        std::string text;
        bool refined = false;
    };

    void put(std::string channel, std::int64_t number, const boost::json::object& update,
             bool refined);

    std::map<std::pair<std::string, std::int64_t>, Utterance> utterances_;
};

}  // namespace mlbilling::yandex
