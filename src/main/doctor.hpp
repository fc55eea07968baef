#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "adapters/system_clock/system_clock.hpp"
#include "adapters/system_clock/system_random.hpp"
#include "main/config.hpp"
#include "ports/async.hpp"
#include "ports/audio.hpp"
#include "ports/speech.hpp"
#include "ports/store/store.hpp"

namespace mlbilling {

/// Checks everything that the service needs, one line each, with the fix for what is broken. Never
/// prints a secret.
class Doctor {
  public:
    Doctor(const Config& config, std::ostream& out) : config_(config), out_(out) {}

    /// Whether nothing is broken. Blocks until all is examined.
    bool examine();

  private:
    void examine_configuration();
    void examine_database();
    void examine_ledger();
    void examine_backup();
    void examine_broker();
    void examine_results();
    Async<void> examine_telegram();
    void examine_cages();
    void examine_speech();
    Async<void> examine_provider(Speech* speech, AudioCodec* codec);
    Async<void> examine_voice(Speech* speech, std::string language);
    /// What the provider's voice says, as an Ogg/Opus recording; empty when it says nothing.
    Async<std::string> record(Speech* speech, AudioCodec* codec, std::string language);
    Async<void> examine_recognition(Speech* speech, AudioCodec* codec);
    Async<void> examine_long_recognition(Speech* speech, SharedSound sound, std::string language);

    void good(const std::string& what, const std::string& detail);
    void note(const std::string& what, const std::string& detail);
    void broken(const std::string& what, const std::string& detail, const std::string& fix);
    void write(const std::string& line);

    const Config& config_;
    std::ostream& out_;
    boost::asio::io_context loop_{1};
    SystemClock clock_{loop_.get_executor()};
    SystemRandom random_;
    /// Absent when the database cannot be used, or is not there yet.
    std::unique_ptr<Store> store_;
    bool healthy_ = true;
};

}  // namespace mlbilling
