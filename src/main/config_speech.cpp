#include <algorithm>

#include "adapters/yandex/problem.hpp"
#include "main/config_sections.hpp"
#include "main/service_account_file.hpp"

namespace mlbilling {
namespace {

bool has(const std::vector<std::string>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

/// The first way to authenticate that is configured, in the order of how well it serves.
std::optional<yandex::Credentials> read_credentials(ConfigReader& reader) {
    if (const auto key = reader.text("YANDEX_API_KEY")) return yandex::ApiKey{*key};
    if (const auto path = reader.text("YANDEX_SERVICE_ACCOUNT_KEY_FILE")) {
        auto key = read_service_account_file(*path);
        if (key) return *std::move(key);
        reader.refuse("YANDEX_SERVICE_ACCOUNT_KEY_FILE", key.error().message);
        return std::nullopt;
    }
    if (const auto token = reader.text("YANDEX_OAUTH_TOKEN", "OAUTH_TOKEN"))
        return yandex::OAuthToken{*token};
    if (const auto token = reader.text("YANDEX_IAM_TOKEN", "IAM_TOKEN"))
        return yandex::IamToken{*token};
    reader.choice("YANDEX_AUTH", {"metadata"});
    if (reader.text("YANDEX_AUTH")) return yandex::MetadataService{};
    return std::nullopt;
}

void read_limits(ConfigReader& reader, yandex::Limits& limits) {
    const auto rate = [&](const char* name, QuotaRate& quota) {
        reader.number(name, 0, 100'000, [&](auto count) { quota.count = count; });
    };
    rate("YANDEX_TTS_PER_SECOND", limits.synthesis);
    rate("YANDEX_STT_PER_SECOND", limits.short_recognition);
    rate("YANDEX_STT_PER_HOUR", limits.long_recognition);
    rate("YANDEX_POLLS_PER_SECOND", limits.polls);
}

void read_apis(ConfigReader& reader, yandex::Options& options) {
    reader.choice("YANDEX_TTS_API", {"v1", "v3"});
    if (reader.text("YANDEX_TTS_API") == "v1") options.synthesis = yandex::SynthesisApi::v1;
    reader.choice("YANDEX_STT_API", {"auto", "v1", "v3"});
    const auto recognition = reader.text("YANDEX_STT_API").value_or("auto");
    options.recognition = recognition == "v1"   ? yandex::RecognitionApi::v1
                          : recognition == "v3" ? yandex::RecognitionApi::v3
                                                : yandex::RecognitionApi::automatic;
    reader.web_address("YANDEX_TTS_URL", options.synthesis_url);
    reader.web_address("YANDEX_STT_URL", options.recognition_url);
    reader.web_address("YANDEX_OPERATION_URL", options.operation_url);
    reader.web_address("YANDEX_IAM_URL", options.iam_url);
    reader.web_address("YANDEX_METADATA_URL", options.metadata_url);
}

void read_yandex(ConfigReader& reader, SpeechConfig& speech,
                 std::optional<yandex::Credentials> credentials) {
    if (!credentials)
        return reader.refuse("YANDEX_API_KEY",
                             "is needed for SPEECH_PROVIDER=yandex: the API key of a service "
                             "account with the roles ai.speechkit-tts.user and "
                             "ai.speechkit-stt.user");
    yandex::Options options;
    options.credentials = *std::move(credentials);
    options.folder = reader.text("YANDEX_FOLDER_ID", "FOLDER_ID").value_or("");
    if (options.folder.empty() && std::holds_alternative<yandex::OAuthToken>(options.credentials))
        return reader.refuse("YANDEX_FOLDER_ID",
                             "is needed with YANDEX_OAUTH_TOKEN: the id of the folder that pays");
    read_apis(reader, options);
    read_limits(reader, options.limits);
    if (const auto problem = yandex::problem_with(options))
        return reader.refuse("SPEECH_PROVIDER", "yandex: " + problem->message);
    speech.yandex = std::move(options);
}

/// `https://host` without a path.
bool is_origin(const std::string& url) {
    return url.find('/', url.find("://") + 3) == std::string::npos;
}

void read_time_limits(ConfigReader& reader, openai::Options& options) {
    options.time_limits = openai::default_time_limits(options.base_url);
    reader.seconds("OPENAI_TTS_TIMEOUT_S", 1, 7'200, options.time_limits.synthesis);
    reader.seconds("OPENAI_STT_TIMEOUT_S", 1, 7'200, options.time_limits.recognition);
}

void read_openai(ConfigReader& reader, SpeechConfig& speech) {
    openai::Options options;
    reader.web_address("OPENAI_BASE_URL", options.base_url);
    if (options.base_url.empty())
        return reader.refuse("OPENAI_BASE_URL",
                             "is needed for SPEECH_PROVIDER=openai, e.g. https://api.openai.com");
    if (is_origin(options.base_url)) options.base_url += "/v1";
    options.api_key = reader.text("OPENAI_API_KEY").value_or("");
    options.synthesis_model = reader.text("OPENAI_TTS_MODEL").value_or(options.synthesis_model);
    options.recognition_model = reader.text("OPENAI_STT_MODEL").value_or(options.recognition_model);
    if (const auto list = reader.text("OPENAI_TTS_VOICES")) {
        auto voices = openai::parse_voices(*list);
        if (voices)
            options.voices = *std::move(voices);
        else
            reader.refuse("OPENAI_TTS_VOICES", "is not usable: " + voices.error().message);
    }
    read_time_limits(reader, options);
    const auto price = [&](const char* name, MicroRoubles& cost) {
        reader.number(name, 0, 1'000'000'000, [&](auto n) { cost = MicroRoubles(n); });
    };
    price("OPENAI_TTS_MICRO_ROUBLES_PER_CHARACTER", options.prices.per_character);
    price("OPENAI_STT_MICRO_ROUBLES_PER_SECOND", options.prices.per_second);
    speech.openai = std::move(options);
}

}  // namespace

void read_speech(ConfigReader& reader, Config& config) {
    auto credentials = read_credentials(reader);
    auto names = reader.list("SPEECH_PROVIDER");
    if (names.empty()) names = {credentials ? "yandex" : "local"};
    for (const auto& name : names) {
        if (name != "local" && name != "yandex" && name != "openai")
            return reader.refuse("SPEECH_PROVIDER", "is not one or more of: local, yandex, openai");
        if (std::ranges::count(names, name) > 1)
            return reader.refuse("SPEECH_PROVIDER", "names " + name + " twice");
    }
    if (has(names, "yandex")) read_yandex(reader, config.speech, std::move(credentials));
    if (has(names, "openai")) read_openai(reader, config.speech);
    config.speech.providers = std::move(names);
}

}  // namespace mlbilling
