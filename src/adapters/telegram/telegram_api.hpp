#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>
#include <vector>

#include "ports/clock.hpp"
#include "ports/metrics.hpp"
#include "ports/telegram.hpp"

namespace mlbilling::telegram {

class BotApi;
class LocalFiles;
struct BotCall;

struct TelegramOptions {
    /// From BotFather; bot_id_of() of it must be something.
    std::string token;
    /// Calls go to `{api_base}/bot{token}/{method}`.
    std::string api_base = "https://api.telegram.org";
    /// Files come from `{file_base}/bot{token}/{path}`; empty for `{api_base}/file`.
    std::string file_base;
    /// Directory of a server that runs with --local on this machine, absolute: files that getFile
    /// names by an absolute path are read from there. Empty: there is none.
    std::string local_files;
    /// For calls and files alike; see HttpOptions.
    std::string proxy;
    /// For `http://` addresses alone; nothing: those go through `proxy`, too.
    std::optional<std::string> proxy_of_plain_http;
    std::string no_proxy;
    std::string authorities_file;
    /// Deadline of a call. An upload or download has 1 s more per 100 kB, up to 120 s.
    Duration call_deadline{20'000};
    /// A poll is dead when it is not answered that long after its timeout (telegram.md 1.2).
    Duration poll_margin{12'000};
    /// A call to a chat that is held off waits at most that long before it is refused.
    Duration longest_wait{3'000};
};

/// The Bot API over HTTP. Hides the token from logs and errors; follows no redirects. Runs on the
/// event loop of the executor; must outlive its calls.
class TelegramApi final : public Api {
  public:
    TelegramApi(boost::asio::any_io_executor executor, Clock& clock, Metrics& metrics,
                TelegramOptions options);
    ~TelegramApi() override;

    Async<Outcome<Identity>> get_me() override;
    Async<Outcome<std::vector<Update>>> get_updates(std::int64_t offset, Duration timeout) override;
    Async<Outcome<std::vector<Update>>> get_first_update(std::int64_t offset) override;
    Async<Outcome<SentMessage>> send_message(OutgoingText message) override;
    Async<Outcome<SentMessage>> send_voice(OutgoingFile file) override;
    Async<Outcome<SentMessage>> send_audio(OutgoingFile file) override;
    Async<Outcome<SentMessage>> send_document(OutgoingFile file) override;
    Async<Outcome<Done>> edit_message_text(ChatId chat, MessageId message, std::string text,
                                           Keyboard keyboard) override;
    Async<Outcome<Done>> delete_message(ChatId chat, MessageId message) override;
    Async<Outcome<Done>> send_chat_action(ChatId chat, ChatAction action,
                                          std::optional<MessageId> topic) override;
    Async<Outcome<Done>> answer_callback_query(std::string id, std::string text) override;
    Async<Outcome<Done>> set_my_commands(std::vector<BotCommand> commands,
                                         std::string language_code) override;
    Async<Outcome<Done>> set_webhook(Webhook webhook) override;
    Async<Outcome<Done>> delete_webhook() override;
    Async<Outcome<WebhookInfo>> get_webhook_info() override;
    Async<Outcome<std::string>> download(std::string file_id, std::size_t largest) override;

  private:
    Async<Outcome<std::vector<Update>>> polled(BotCall call);
    Async<Outcome<SentMessage>> sent(BotCall call);
    Async<Outcome<Done>> done(BotCall call);
    Async<Outcome<std::string>> read_local(std::string path, std::size_t largest);

    BotId bot_;
    Metrics& metrics_;
    std::unique_ptr<BotApi> api_;
    /// Absent: files come over HTTP only.
    std::unique_ptr<LocalFiles> local_files_;
};

}  // namespace mlbilling::telegram
