#include "adapters/postgres_copy/postgres_copy.hpp"

#include <charconv>
#include <system_error>
#include <utility>

#include "adapters/postgres_copy/connection_words.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::postgres_copy {
namespace {

namespace fs = std::filesystem;
using child_process::ChildCommand;
using child_process::ChildEnd;
using child_process::ChildResult;

/// Long enough for a database of hundreds of gigabytes; what hangs is ended all the same.
constexpr Duration patience{12LL * 3'600'000};
constexpr std::size_t largest_copy = std::size_t{1} << 44;

/// The newest of Debian's installed versions, without the wrapper that looks for local servers; or
/// the name, to be looked up in PATH.
std::string program_path(const std::string& name) {
    fs::path newest;
    int version = 0;
    std::error_code missing;
    for (const auto& folder : fs::directory_iterator("/usr/lib/postgresql", missing)) {
        const auto number = folder.path().filename().string();
        int found = 0;
        std::from_chars(number.data(), number.data() + number.size(), found);
        const auto program = folder.path() / "bin" / name;
        if (found <= version || !fs::exists(program, missing)) continue;
        version = found;
        newest = program;
    }
    return newest.empty() ? name : newest.string();
}

constexpr auto count_tables =
    "--command=SELECT count(*) FROM pg_catalog.pg_tables "
    "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";

std::string last_line(std::string text) {
    while (text.ends_with('\n')) text.pop_back();
    const auto line = text.rfind('\n');
    return line == std::string::npos ? text : text.substr(line + 1);
}

std::string failure_of(const std::string& program, const ChildResult& result) {
    switch (result.end) {
        case ChildEnd::program_missing:
            return program + " is not installed; run: apt-get install postgresql-client-15";
        case ChildEnd::timed_out: return program + " did not end within 12 hours";
        case ChildEnd::output_too_long: return program + " wrote more than it may";
        case ChildEnd::signalled:
            return program + " was ended by signal " + std::to_string(result.code);
        case ChildEnd::exited: break;
    }
    const auto said = last_line(result.diagnostics);
    return program + " failed with " + std::to_string(result.code) +
           (said.empty() ? std::string(" and said nothing") : ": " + said);
}

}  // namespace

PostgresCopy::PostgresCopy(child_process::ChildProcesses& children, std::string url)
    : children_(children) {
    auto words = connection_words(url);
    url_ = std::move(words.url);
    environment_ = std::move(words.environment);
}

Async<std::string> PostgresCopy::run(std::string program, std::vector<std::string> arguments,
                                     std::string output_file) {
    ChildCommand command;
    command.program = program_path(program);
    command.arguments = std::move(arguments);
    command.environment = environment_;
    command.cage = child_process::Cage::none;
    command.network = true;
    command.output_file = std::move(output_file);
    command.limits.deadline = patience;
    command.limits.cpu_seconds = static_cast<int>(patience.count() / 1000);
    command.limits.memory_bytes = std::size_t{4} << 30;
    if (!command.output_file.empty()) command.limits.output_bytes = largest_copy;
    auto result = co_await children_.run(std::move(command));
    if (!result.succeeded()) throw CopyRefused(failure_of(program, result));
    co_return std::move(result.output);
}

Async<void> PostgresCopy::write(std::filesystem::path file) {
    std::vector<std::string> dump{"--dbname=" + url_, "--format=custom",
                                  "--lock-wait-timeout=60000"};
    co_await run("pg_dump", std::move(dump), file.string());
    // Reads and unpacks all of it, and connects to nothing.
    std::vector<std::string> read{"--file=/dev/null", file.string()};
    co_await run("pg_restore", std::move(read));
}

Async<void> PostgresCopy::require_empty() {
    std::vector<std::string> ask{"--no-psqlrc", "--no-align", "--tuples-only", "--dbname=" + url_,
                                 count_tables};
    const auto tables = last_line(co_await run("psql", std::move(ask)));
    if (tables != "0")
        throw CopyRefused("the database has " + tables +
                          " tables: restore into a new one, and let DATABASE_URL name it");
}

Async<void> PostgresCopy::restore(std::filesystem::path file) {
    co_await require_empty();
    std::vector<std::string> fill{"--dbname=" + url_, "--single-transaction", "--exit-on-error",
                                  "--no-owner", file.string()};
    co_await run("pg_restore", std::move(fill));
    // The planner knows nothing of tables that were filled at once.
    std::vector<std::string> analyze{"--no-psqlrc", "--quiet", "--dbname=" + url_,
                                     "--command=ANALYZE"};
    co_await run("psql", std::move(analyze));
}

}  // namespace mlbilling::postgres_copy
