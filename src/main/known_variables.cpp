#include "main/known_variables.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace mlbilling {
namespace {

constexpr bool secret = true;

constexpr auto variables = std::to_array<KnownVariable>({
    {"TELEGRAM_BOT_TOKEN", secret},
    {"TELEGRAM_TOKEN", secret},
    {"TELEGRAM_API_URL"},
    {"TELEGRAM_LOCAL_FILES"},
    {"TELEGRAM_LARGEST_FILE_MB"},
    {"TELEGRAM_MODE"},
    {"TELEGRAM_PROXY", secret},
    {"WEBHOOK_URL"},
    {"WEBHOOK_LISTEN"},
    {"WEBHOOK_SECRET", secret},
    {"ADMIN_TELEGRAM_IDS"},
    {"DATABASE_URL", secret},
    {"DATABASE_REPLICA_URL", secret},
    {"RABBITMQ_URL", secret},
    {"RESULT_STORE_URL"},
    {"AWS_ACCESS_KEY_ID", secret},
    {"AWS_SECRET_ACCESS_KEY", secret},
    {"AWS_SESSION_TOKEN", secret},
    {"BACKUP_DIRECTORY"},
    {"BACKUP_KEEP_DAYS"},
    {"SPEECH_PROVIDER"},
    {"YANDEX_API_KEY", secret},
    {"YANDEX_SERVICE_ACCOUNT_KEY_FILE"},
    {"YANDEX_OAUTH_TOKEN", secret},
    {"OAUTH_TOKEN", secret},
    {"YANDEX_IAM_TOKEN", secret},
    {"IAM_TOKEN", secret},
    {"YANDEX_AUTH"},
    {"YANDEX_FOLDER_ID"},
    {"FOLDER_ID"},
    {"YANDEX_TTS_API"},
    {"YANDEX_STT_API"},
    {"YANDEX_TTS_PER_SECOND"},
    {"YANDEX_STT_PER_SECOND"},
    {"YANDEX_STT_PER_HOUR"},
    {"YANDEX_POLLS_PER_SECOND"},
    {"YANDEX_TTS_URL"},
    {"YANDEX_STT_URL"},
    {"YANDEX_OPERATION_URL"},
    {"YANDEX_IAM_URL"},
    {"YANDEX_METADATA_URL"},
    {"OPENAI_BASE_URL"},
    {"OPENAI_API_KEY", secret},
    {"OPENAI_TTS_MODEL"},
    {"OPENAI_STT_MODEL"},
    {"OPENAI_TTS_VOICES"},
    {"OPENAI_TTS_TIMEOUT_S"},
    {"OPENAI_STT_TIMEOUT_S"},
    {"OPENAI_TTS_MICRO_ROUBLES_PER_CHARACTER"},
    {"OPENAI_STT_MICRO_ROUBLES_PER_SECOND"},
    {"CREDIT_WORTH_MICRO_ROUBLES"},
    {"HTTPS_PROXY", secret},
    {"https_proxy", secret},
    {"http_proxy", secret},
    {"ALL_PROXY", secret},
    {"all_proxy", secret},
    {"NO_PROXY"},
    {"no_proxy"},
    {"HTTP_LISTEN"},
    {"SANDBOX_LISTEN"},
    {"START_BALANCE"},
    {"GRANTS_PER_HOUR"},
    {"PRODUCER_GRANT"},
    {"ASK_ABOVE"},
    {"WORKER_CONCURRENCY"},
    {"LEASE_S"},
    {"TASK_TIME_LIMIT_S"},
    {"LOG_LEVEL"},
    {"LOG_FORMAT"},
    {"SHUTDOWN_TIMEOUT_S"},
});

/// What begins so among the process's variables was meant for us.
constexpr auto own_prefixes =
    std::to_array<std::string_view>({"MLBILLING_", "TELEGRAM_", "YANDEX_", "WEBHOOK_", "SANDBOX_",
                                     "RABBITMQ_URL", "DATABASE_URL", "OPENAI_TTS_", "OPENAI_STT_"});
/// curl, and others, read it; we do not, and it is near to what we read.
constexpr std::string_view of_others = "HTTP_PROXY";
constexpr std::size_t max_near = 3;

bool is_known(std::string_view name) {
    if (std::ranges::find(variables, name, &KnownVariable::name) != variables.end()) return true;
    if (!name.ends_with("_FILE")) return false;
    const auto secret_of =
        std::ranges::find(variables, name.substr(0, name.size() - 5), &KnownVariable::name);
    return secret_of != variables.end() && secret_of->secret;
}

/// How many letters must be changed, put in or taken away (Levenshtein).
std::size_t distance(std::string_view one, std::string_view other) {
    std::vector<std::size_t> row(other.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < one.size(); ++i) {
        auto diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < other.size(); ++j) {
            const auto replaced = diagonal + (one[i] == other[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

std::string upper_case(std::string text) {
    for (auto& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

/// Empty when none is near. `BOT_TOKEN` is near to what ends with it.
std::string nearest_to(const std::string& name) {
    const auto wanted = upper_case(name);
    for (const auto& variable : variables)
        if (wanted.size() >= 6 && variable.name.ends_with("_" + wanted))
            return std::string(variable.name);
    std::string_view nearest;
    auto least = std::min(max_near, wanted.size() / 3) + 1;
    for (const auto& variable : variables) {
        const auto steps = distance(wanted, variable.name);
        if (steps >= least) continue;
        least = steps;
        nearest = variable.name;
    }
    return std::string(nearest);
}

bool has_own_prefix(std::string_view name) {
    return std::ranges::any_of(own_prefixes,
                               [&](std::string_view prefix) { return name.starts_with(prefix); });
}

/// Others have variables of their own, so only what differs by a slip or two counts.
bool looks_like_ours(const std::string& name) {
    if (has_own_prefix(name)) return true;
    if (name.size() < 8 || name == of_others) return false;
    return std::ranges::any_of(variables, [&](const KnownVariable& variable) {
        return variable.name.size() >= 8 && distance(name, variable.name) <= 2;
    });
}

}  // namespace

std::span<const KnownVariable> known_variables() { return variables; }

std::vector<UnknownVariable> unknown_variables(const FoundEnvironment& found) {
    std::vector<UnknownVariable> unknown;
    for (const auto& [name, value] : found.variables) {
        if (is_known(name)) continue;
        if (!found.in_file.contains(name) && !looks_like_ours(name)) continue;
        unknown.push_back({name, nearest_to(name)});
    }
    return unknown;
}

std::string told(const UnknownVariable& variable) {
    const auto said = variable.name + " is not a variable of mlbilling";
    return variable.nearest.empty() ? said : said + "; did you mean " + variable.nearest + "?";
}

}  // namespace mlbilling
