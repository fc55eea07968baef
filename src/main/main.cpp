#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <iostream>

#include "base/log.hpp"
#include "base/redaction.hpp"
#include "domain/characters.hpp"
#include "main/command_line.hpp"
#include "main/commands.hpp"
#include "main/descriptors.hpp"
#include "main/environment.hpp"
#include "main/known_variables.hpp"
#include "main/secrets.hpp"
#include "main/wrong_configuration.hpp"

namespace mlbilling {
namespace {

constexpr int wrong_usage = 2;
constexpr int failed = 1;

int complain(const std::string& what, int exit_code) {
    std::cerr << "mlbilling: " << log::without_secrets(what) << '\n';
    return exit_code;
}

/// What the command cannot work with.
std::optional<Problem> unfit(const Command& command, const Config& config) {
    if (std::holds_alternative<ServeCommand>(command)) return unfit_for_serve(config);
    if (std::holds_alternative<BotCommand>(command)) return missing_for_production(config, "bot");
    if (std::holds_alternative<WorkerCommand>(command))
        return missing_for_production(config, "worker");
    return std::nullopt;
}

int dispatch(const Command& command, const Config& config) {
    if (std::holds_alternative<ServeCommand>(command)) return run_serve(config);
    if (std::holds_alternative<BotCommand>(command)) return run_bot(config);
    if (std::holds_alternative<WorkerCommand>(command)) return run_worker(config);
    if (std::holds_alternative<SandboxCommand>(command)) return run_sandbox(config);
    if (std::holds_alternative<MigrateCommand>(command)) return run_migrate(config);
    if (std::holds_alternative<DoctorCommand>(command)) return run_doctor(config);
    return run_admin(config, std::get<AdminCommand>(command).request);
}

/// Other processes of the same user, taken over decoders first of all, read neither the memory nor
/// the environment of this one; no core file tells them either (docs/security.md).
void close_to_others() { prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

std::vector<std::string> warnings_of(const FoundEnvironment& found) {
    auto warnings = found.warnings;
    for (const auto& variable : unknown_variables(found)) warnings.push_back(told(variable));
    return warnings;
}

int run(int argc, char** argv) {
    close_to_others();
    const auto command = parse_command_line(argc, argv);
    if (const auto* print = std::get_if<PrintAndExit>(&command)) {
        (print->exit_code == 0 ? std::cout : std::cerr) << print->text;
        return print->exit_code;
    }
    const auto found = read_environment();
    if (!found) return complain(found.error().message, wrong_usage);
    redact_secrets(found->variables);
    auto config = parse_config(found->variables, isatty(STDERR_FILENO) != 0);
    if (!config) return complain(config.error().message, wrong_usage);
    if (const auto problem = unfit(command, *config))
        return complain(problem->message, wrong_usage);
    log::configure(config->log_level, config->log_format);
    raise_descriptor_limit();
    if (!load_unicode_tables()) return complain("the locale C.UTF-8 is missing", failed);
    config->warnings = warnings_of(*found);
    if (!std::holds_alternative<DoctorCommand>(command))
        for (const auto& warning : config->warnings) log::warning(warning);
    return dispatch(command, *config);
}

}  // namespace
}  // namespace mlbilling

int main(int argc, char** argv) {
    // Everything that we make is for our own user: books, backups, results.
    ::umask(S_IRWXG | S_IRWXO);
    try {
        return mlbilling::run(argc, argv);
    } catch (const mlbilling::WrongConfiguration& error) {
        return mlbilling::complain(error.what(), mlbilling::wrong_usage);
    } catch (const std::exception& error) {
        return mlbilling::complain(error.what(), mlbilling::failed);
    }
}
