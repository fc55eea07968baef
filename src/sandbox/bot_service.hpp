#pragma once

#include <string>

#include "adapters/http_server/http_message.hpp"
#include "ports/clock.hpp"
#include "sandbox/poller.hpp"
#include "sandbox/state.hpp"

namespace mlbilling::sandbox {

/// The Bot API over HTTP: `/bot{token}/{method}` and `/file/bot{token}/{path}` (telegram.md 1.1),
/// with the faults that were asked for.
class BotService {
  public:
    BotService(State& state, Clock& clock);

    /// Whether the path is one of the Bot API's.
    static bool owns(const std::string& path);
    Async<HttpResponse> handle(HttpRequest request);
    /// Ends every poll that waits.
    void close() { poller_.close(); }

  private:
    Async<HttpResponse> call(HttpRequest request, std::int64_t bot, std::string method);
    HttpResponse download(const std::string& path) const;

    State& state_;
    Clock& clock_;
    Poller poller_;
};

/// The id in a token of the right form (digits, a colon, and something), else nothing.
std::optional<std::int64_t> bot_of_token(const std::string& token);

}  // namespace mlbilling::sandbox
