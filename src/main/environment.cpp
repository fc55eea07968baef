#include "main/environment.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <utility>

#include "main/env_file.hpp"
#include "main/secret_files.hpp"
#include "main/small_file.hpp"

namespace mlbilling {
namespace {

constexpr const char* file_name = ".env";

std::optional<std::string> of_process(std::string_view name) {
    const char* value = std::getenv(std::string(name).c_str());
    if (value == nullptr) return std::nullopt;
    return value;
}

std::optional<std::string> too_open(mode_t mode) {
    if ((mode & (S_IRWXO | S_IWGRP)) == 0) return std::nullopt;
    return ".env can be read or changed by other users of this machine: chmod 600 .env";
}

std::optional<Problem> read_file(FoundEnvironment& found) {
    struct stat status{};
    // A link that leads nowhere is not the same as no file.
    if (::lstat(file_name, &status) != 0 && errno == ENOENT) return std::nullopt;
    auto file = read_small_file(file_name);
    if (!file) return Problem{".env " + file.error().message};
    auto parsed = parse_env_file(file->content);
    if (!parsed) return parsed.error();
    for (const auto& [name, value] : *parsed) found.in_file.insert(name);
    found.variables = *std::move(parsed);
    if (auto warning = too_open(file->mode)) found.warnings.push_back(*std::move(warning));
    return std::nullopt;
}

}  // namespace

Result<Environment> parse_env_file(std::string_view content) {
    return parse_env_file(content, of_process);
}

Result<FoundEnvironment> read_environment() {
    FoundEnvironment found;
    if (auto problem = read_file(found)) return *std::move(problem);
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (equals != std::string_view::npos)
            found.variables[std::string(text.substr(0, equals))] =
                std::string(text.substr(equals + 1));
    }
    if (auto problem = read_secret_files(found.variables)) return *std::move(problem);
    return found;
}

}  // namespace mlbilling
