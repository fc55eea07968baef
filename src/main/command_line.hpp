#pragma once

#include <optional>
#include <string>
#include <variant>

#include "main/admin.hpp"

namespace mlbilling {

struct ServeCommand {};
struct BotCommand {};
struct WorkerCommand {};
struct SandboxCommand {};
struct MigrateCommand {};
struct DoctorCommand {};
struct AdminCommand {
    AdminRequest request;
};
/// The command line asked for help or the version, or was wrong: print and end with the code.
struct PrintAndExit {
    std::string text;
    int exit_code = 0;
};
using Command = std::variant<ServeCommand, BotCommand, WorkerCommand, SandboxCommand,
                             MigrateCommand, DoctorCommand, AdminCommand, PrintAndExit>;

/// Reads the command line (interface.md, Commands). Wrong usage exits with 2.
Command parse_command_line(int argc, const char* const* argv);

}  // namespace mlbilling
