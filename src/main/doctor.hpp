#pragma once

#include <boost/asio/io_context.hpp>
#include <optional>
#include <ostream>
#include <string>

#include "adapters/system_clock/system_clock.hpp"
#include "main/config.hpp"
#include "ports/async.hpp"
#include "ports/speech.hpp"

namespace mlbilling {

/// Checks everything that the service needs, one line each, with the fix for what is broken. Never
/// prints a secret.
class Doctor {
  public:
    Doctor(const Config& config, boost::asio::io_context& loop, std::ostream& out)
        : config_(config), loop_(loop), clock_(loop.get_executor()), out_(out) {}

    /// Whether nothing is broken.
    Async<bool> examine();

  private:
    Async<void> examine_database();
    void examine_backup(std::optional<Time> last);
    Async<void> examine_telegram();
    Async<void> examine_speech();
    Async<void> examine_recognition(Speech* speech, AudioCodec* codec);
    void examine_results();

    void good(const std::string& what, const std::string& detail);
    void note(const std::string& what, const std::string& detail);
    void broken(const std::string& what, const std::string& detail, const std::string& fix);

    const Config& config_;
    boost::asio::io_context& loop_;
    SystemClock clock_;
    std::ostream& out_;
    bool healthy_ = true;
};

}  // namespace mlbilling
