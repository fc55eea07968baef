#include "main/doctor.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>

#include "adapters/audio/local_audio_codec.hpp"
#include "adapters/child_process/child_process.hpp"
#include "adapters/files/result_store.hpp"
#include "adapters/local_speech/local_speech.hpp"
#include "adapters/prometheus/metrics.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/telegram/telegram_api.hpp"
#include "main/version.hpp"

namespace mlbilling {
namespace {

constexpr Duration speech_deadline{60'000};

std::string failure_of(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& known) {
        return known.what();
    }
}

}  // namespace

void Doctor::good(const std::string& what, const std::string& detail) {
    out_ << "ok      " << what << ": " << detail << '\n';
}

void Doctor::note(const std::string& what, const std::string& detail) {
    out_ << "note    " << what << ": " << detail << '\n';
}

void Doctor::broken(const std::string& what, const std::string& detail, const std::string& fix) {
    healthy_ = false;
    out_ << "BROKEN  " << what << ": " << detail << "; " << fix << '\n';
}

Async<bool> Doctor::examine() {
    good("configuration", "every variable is understood");
    co_await examine_database();
    examine_results();
    co_await examine_telegram();
    co_await examine_speech();
    co_return healthy_;
}

Async<void> Doctor::examine_database() {
    std::exception_ptr error;
    try {
        sqlite::SqliteStore store({.path = config_.database_path, .inline_execution = true},
                                  loop_.get_executor(), clock_);
        const auto sums = co_await store.statistics();
        good("database",
             config_.database_path + ", newest schema, " + std::to_string(sums.users) + " users");
        examine_backup(co_await store.last_backup());
        const auto violations = co_await store.verify();
        if (violations.empty())
            good("ledger", std::to_string(sums.balance_total) + " credits, sums to the balances");
        else
            broken("ledger", std::to_string(violations.size()) + " broken promises",
                   "stop the service and run mlbilling admin ledger verify");
    } catch (...) {
        error = std::current_exception();
    }
    if (error)
        broken("database", failure_of(error),
               "check that DATABASE_URL names a file that may be written");
}

void Doctor::examine_backup(std::optional<Time> last) {
    constexpr auto oldest = std::chrono::hours(26);
    if (!last) return note("backup", "there is none; make one with mlbilling admin backup");
    const auto age = std::chrono::duration_cast<std::chrono::hours>(clock_.now() - *last);
    const auto detail = "the last was made " + std::to_string(age.count()) + " hours ago";
    if (age <= oldest)
        good("backup", detail);
    else
        broken("backup", detail, "run mlbilling admin backup and see why it did not run by itself");
}

void Doctor::examine_results() {
    try {
        const files::FileResultStore results(config_.results_directory);
        good("results", config_.results_directory + " can be written");
    } catch (const std::exception& error) {
        broken("results", error.what(),
               "check that RESULT_STORE_URL names a directory that may be written");
    }
}

Async<void> Doctor::examine_telegram() {
    if (!config_.telegram_token) {
        note("telegram", "no TELEGRAM_BOT_TOKEN, so serve starts the sandbox with its chat page");
        co_return;
    }
    prometheus_text::PrometheusMetrics metrics(version, "local");
    telegram::TelegramOptions options;
    options.token = *config_.telegram_token;
    options.api_base = config_.telegram_api_url;
    options.proxy = config_.telegram_proxy;
    telegram::TelegramApi api(loop_.get_executor(), clock_, metrics, options);
    const auto identity = co_await api.get_me();
    if (identity)
        good("telegram", "the token belongs to @" + identity->username);
    else if (identity.error().failure == telegram::Failure::unauthorized)
        broken("telegram", "the token is not valid",
               "ask @BotFather for a new one and set TELEGRAM_BOT_TOKEN");
    else
        broken("telegram", identity.error().description,
               "check the network, TELEGRAM_API_URL and TELEGRAM_PROXY");
}

Async<void> Doctor::examine_speech() {
    child_process::ChildProcesses children(config_.child_processes);
    audio::LocalAudioCodec codec(children, {});
    local_speech::LocalSpeech speech(children, {});
    for (const std::string language : {"ru", "en"}) {
        const auto voices = speech.voices();
        const auto voice = std::find_if(voices.begin(), voices.end(), [&](const Voice& known) {
            return known.language == language;
        });
        const auto id = voice == voices.end() ? std::string() : voice->id;
        const std::string sentence =
            language == "ru" ? "Проверка связи." : "Go forward ten meters.";
        SynthesisRequest request{sentence, id, 100};
        const auto made = co_await speech.synthesize(std::move(request), speech_deadline);
        if (const auto* failure = std::get_if<ProviderFailure>(&made)) {
            broken("speech", "nothing was synthesised in " + language + ": " + failure->detail,
                   "./run installs what is missing");
            continue;
        }
        const auto& sound = std::get<Sound>(std::get<SpokenVoice>(made).audio);
        good("speech",
             "voice " + id + " spoke for " + std::to_string(sound.duration().count()) + " ms");
    }
    co_await examine_recognition(&speech, &codec);
}

Async<void> Doctor::examine_recognition(Speech* speech, AudioCodec* codec) {
    SynthesisRequest spoken{"go forward ten meters", "", 100};
    for (const auto& voice : speech->voices())
        if (voice.language == "en" && spoken.voice.empty()) spoken.voice = voice.id;
    const auto made = co_await speech->synthesize(std::move(spoken), speech_deadline);
    if (!std::holds_alternative<SpokenVoice>(made)) co_return;
    const auto& sound = std::get<Sound>(std::get<SpokenVoice>(made).audio);
    const auto encoded = co_await codec->encode(sound);
    const auto decoded = co_await codec->decode(encoded.ogg_opus, speech_deadline);
    if (!std::holds_alternative<DecodedAudio>(decoded)) {
        broken("audio", "an encoded voice could not be decoded",
               "check the installation of libopus");
        co_return;
    }
    good("audio", "Ogg/Opus is written and read");
    RecognitionRequest request;
    request.sound = std::get<DecodedAudio>(decoded).sound;
    request.language = "en";
    const auto heard = co_await speech->recognize(std::move(request), speech_deadline);
    if (const auto* failure = std::get_if<ProviderFailure>(&heard))
        broken("recognition", failure->detail, "./run installs what is missing");
    else
        good("recognition", "English, heard \"" + std::get<Transcript>(heard).text + "\"");
    note("recognition",
         "the built-in engine is for demonstration and understands English only; Russian "
         "recognition needs a speech provider");
}

}  // namespace mlbilling
