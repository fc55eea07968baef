#pragma once

#include <cstdint>
#include <string>

#include "adapters/http_server/http_message.hpp"
#include "ports/clock.hpp"
#include "sandbox/backstage.hpp"
#include "sandbox/chat_watch.hpp"
#include "sandbox/state.hpp"

namespace mlbilling::sandbox {

/// The API of the chat page and of tests: acts as users, looks at chats, injects faults.
/// docs/sandbox.md describes it route by route.
class ControlApi {
  public:
    /// `backstage` may be null: its routes then answer 501.
    ControlApi(State& state, Clock& clock, Backstage* backstage);
    ~ControlApi();
    ControlApi(const ControlApi&) = delete;
    ControlApi& operator=(const ControlApi&) = delete;

    static bool owns(const std::string& path);
    Async<HttpResponse> handle(HttpRequest request);
    /// Ends every poll that waits.
    void close();

  private:
    Async<HttpResponse> watch(HttpRequest request, std::string chat);
    Async<HttpResponse> backstage(HttpRequest request, std::string route);
    Async<std::string> ask_backstage(HttpRequest request, std::string route);

    State& state_;
    Clock& clock_;
    Backstage* backstage_;
    ChatWatch watchers_;
    bool closed_ = false;
};

}  // namespace mlbilling::sandbox
