#include "sandbox/sandbox.hpp"

#include <boost/asio/co_spawn.hpp>
#include <optional>

#include "base/check.hpp"
#include "sandbox/bot_service.hpp"
#include "sandbox/control_api.hpp"
#include "sandbox/control_call.hpp"
#include "sandbox/page_files.hpp"
#include "sandbox/same_site.hpp"
#include "sandbox/webhook_sender.hpp"

namespace mlbilling::sandbox {
namespace {

constexpr auto patience = std::chrono::seconds(1);

HttpLimits limits_of_sandbox(std::size_t max_connections) {
    HttpLimits limits;
    limits.max_connections = max_connections;
    // A 50 MB file and the form around it; what is beyond gets the plain 413 of a proxy in front.
    limits.max_body = (51U << 20U);
    limits.max_all_bodies = 512U << 20U;
    return limits;
}

}  // namespace

/// Everything but the listener. The handlers share it, so that it outlives the last of them.
constexpr std::uint64_t most_file_bytes = 512U << 20U;

class Sandbox::Core {
  public:
    Core(Clock& clock, Random& random, const Options& options)
        : host_(options.host),
          state_(random, most_file_bytes, options.first_message_id),
          bot_(state_, clock),
          control_(state_, clock, options.backstage),
          page_(embedded_page()) {
        if (options.webhooks == nullptr) return;
        state_.delivers_webhooks = true;
        webhooks_.emplace(state_, clock, random, *options.webhooks);
    }

    static Async<void> bring_updates(std::shared_ptr<Core> self) {
        if (self->webhooks_) co_await self->webhooks_->run();
    }

    /// Who asks is looked at before what: a page in a browser on this machine is not let near a
    /// bot's updates either.
    HttpAdmission admit(const HttpRequest& head) const {
        if (comes_from_elsewhere(head))
            return HttpAdmission::refuse(
                control_error(403, "pages of other origins may not use the sandbox"));
        if (!names_this_host(head, host_))
            return HttpAdmission::refuse(
                control_error(403, "the Host header does not name this sandbox"));
        if (BotService::owns(head.path) || ControlApi::owns(head.path)) return {};
        return {.refusal = std::nullopt, .max_body = 0};
    }

    static Async<HttpResponse> handle(std::shared_ptr<Core> self, HttpRequest request) {
        if (BotService::owns(request.path))
            co_return co_await self->bot_.handle(std::move(request));
        if (ControlApi::owns(request.path))
            co_return co_await self->control_.handle(std::move(request));
        co_return serve_page(self->page_, request);
    }

    void close() {
        bot_.close();
        control_.close();
        if (webhooks_) webhooks_->close();
    }

  private:
    std::string host_;
    State state_;
    BotService bot_;
    ControlApi control_;
    PageFiles page_;
    std::optional<WebhookSender> webhooks_;
};

Sandbox::Sandbox(boost::asio::any_io_executor executor, Clock& clock, Random& random,
                 Options options)
    : executor_(std::move(executor)),
      options_(std::move(options)),
      core_(std::make_shared<Core>(clock, random, options_)) {}

Sandbox::~Sandbox() = default;

void Sandbox::start() {
    auto handler = [core = core_](HttpRequest request) {
        return Core::handle(core, std::move(request));
    };
    server_ = std::make_unique<HttpServer>(
        executor_, options_.host, options_.port, std::move(handler),
        limits_of_sandbox(options_.max_connections),
        [core = core_](const HttpRequest& head) { return core->admit(head); });
    boost::asio::co_spawn(executor_, Core::bring_updates(core_),
                          [ended = webhooks_ended_](std::exception_ptr) mutable { ended.set(); });
}

std::uint16_t Sandbox::port() const {
    CHECK(server_ != nullptr);
    return server_->port();
}

Async<void> Sandbox::stop() {
    core_->close();
    if (!server_) co_return;
    co_await server_->stop(patience);
    co_await webhooks_ended_.wait();
    server_.reset();
}

}  // namespace mlbilling::sandbox
