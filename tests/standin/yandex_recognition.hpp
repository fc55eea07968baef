#pragma once

#include <map>
#include <string>

#include "ports/clock.hpp"
#include "ports/random.hpp"
#include "standin/call.hpp"
#include "standin/hearing.hpp"
#include "standin/settings.hpp"

namespace mlbilling::standin {

/// Speech recognition of SpeechKit: v1 at once (yandex.md 3), v3 by operations (yandex.md 4).
class YandexRecognition {
  public:
    YandexRecognition(const Settings& settings, Clock& clock, Random& random)
        : settings_(settings), clock_(clock), random_(random) {}

    HttpResponse v1(Call& call);
    HttpResponse submit(Call& call);
    HttpResponse operation(const Call& call);
    HttpResponse transcript(const Call& call);
    HttpResponse remove(const Call& call);

  private:
    struct Operation {
        Time created;
        Heard heard;
        std::string language;
        bool normalised = false;
        bool literature = false;
        int polls_left = 0;
        bool fails = false;
        bool done = false;
        /// gRPC code, once done.
        int error = 0;
    };
    /// Nothing when it is unknown, removed, or its results have expired.
    Operation* find(const std::string& id);
    static std::string operation_id_in(const Call& call);
    /// The operation as yandex.cloud.operation.Operation.
    std::string described(const std::string& id, const Operation& operation) const;

    const Settings& settings_;
    Clock& clock_;
    Random& random_;
    std::map<std::string, Operation> operations_;
};

}  // namespace mlbilling::standin
