#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/json/fwd.hpp>
#include <string>

#include "adapters/http_client/http_client.hpp"
#include "adapters/telegram/bot_call.hpp"
#include "adapters/telegram/hold_off.hpp"
#include "adapters/telegram/results.hpp"
#include "adapters/telegram/telegram_api.hpp"
#include "ports/clock.hpp"
#include "ports/metrics.hpp"

namespace mlbilling::telegram {

/// Carries calls to the Bot API: addresses, deadlines, hold-offs, errors, counting. Knows no
/// method.
class BotApi {
  public:
    BotApi(boost::asio::any_io_executor executor, Clock& clock, Metrics& metrics,
           TelegramOptions options);

    /// The `result` of the call.
    Async<Outcome<boost::json::value>> call(BotCall call);
    /// The same for getUpdates, over connections of its own.
    Async<Outcome<boost::json::value>> poll(BotCall call);
    Async<Outcome<std::string>> download(RemoteFile file, std::size_t largest);

    Clock& clock() { return clock_; }

  private:
    Async<Outcome<boost::json::value>> carry(BotCall call, HttpCall request, HttpClient* client);
    Async<Duration> wait_out(std::string key, bool may_wait);
    HttpCall to_http(BotCall& call) const;
    Error held_back(std::string_view method, Duration remaining);
    Error noted(std::string_view method, const std::string& key, Error error);

    Clock& clock_;
    Metrics& metrics_;
    TelegramOptions options_;
    HttpClient poll_client_;
    HttpClient call_client_;
    HoldOff hold_off_;
    bool last_poll_failed_ = false;
};

}  // namespace mlbilling::telegram
