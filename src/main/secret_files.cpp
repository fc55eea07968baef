#include "main/secret_files.hpp"

#include <string>

#include "main/known_variables.hpp"
#include "main/small_file.hpp"

namespace mlbilling {
namespace {

std::string value_of(const Environment& environment, const std::string& name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
}

std::string without_line_end(std::string text) {
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    return text;
}

}  // namespace

std::optional<Problem> read_secret_files(Environment& environment) {
    for (const auto& variable : known_variables()) {
        if (!variable.secret) continue;
        const std::string name(variable.name);
        const auto of_file = name + "_FILE";
        const auto path = value_of(environment, of_file);
        if (path.empty()) continue;
        if (!value_of(environment, name).empty())
            return Problem{of_file + " and " + name + " are both set: unset one of them"};
        auto file = read_small_file(path);
        if (!file) return Problem{of_file + " names " + path + ", which " + file.error().message};
        auto secret = without_line_end(std::move(file->content));
        if (secret.empty()) return Problem{of_file + " names " + path + ", which is empty"};
        environment[name] = std::move(secret);
    }
    return std::nullopt;
}

}  // namespace mlbilling
