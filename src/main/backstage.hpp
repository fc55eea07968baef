#pragma once

#include <string>

#include "adapters/rehearsal_speech/rehearsal_speech.hpp"
#include "console/story.hpp"
#include "main/worker_host.hpp"
#include "sandbox/backstage.hpp"

namespace mlbilling {

/// What the chat page shows and breaks of the embedded service.
class ServiceBackstage final : public sandbox::Backstage {
  public:
    ServiceBackstage(Story& story, WorkerHost& worker, RehearsalSpeech& speech)
        : story_(story), worker_(worker), speech_(speech) {}

    Async<std::string> story(std::int64_t telegram_id) override;
    Async<std::string> act(std::string action, std::string argument) override;

  private:
    Story& story_;
    WorkerHost& worker_;
    RehearsalSpeech& speech_;
};

}  // namespace mlbilling
