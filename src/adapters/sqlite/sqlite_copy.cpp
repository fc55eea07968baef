#include "adapters/sqlite/sqlite_copy.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "adapters/sqlite/connection.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::sqlite {
namespace {

namespace fs = std::filesystem;

/// Whether it is a database of ours and every page of it can be read.
void check(const fs::path& file) {
    Connection copy(file.string(), Connection::Mode::read_only, false);
    auto verdict = copy.query("PRAGMA integrity_check(1)");
    if (!verdict.next() || verdict.read<std::string>() != "ok")
        throw CopyRefused(file.string() + " is damaged: take an older backup");
    if (!copy.query("SELECT 1 FROM sqlite_master WHERE name = 'schema_migrations'").next())
        throw CopyRefused(file.string() + " is not a database of this program");
}

void flush(const fs::path& path) {
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool done = descriptor >= 0 && fsync(descriptor) == 0;
    const int error = errno;
    if (descriptor >= 0) close(descriptor);
    if (!done)
        throw Unavailable("writing " + path.string() + ": " +
                          std::generic_category().message(error));
}

bool holds_something(const fs::path& path) {
    std::error_code missing;
    return fs::exists(path, missing) && fs::file_size(path, missing) > 0;
}

}  // namespace

Async<void> SqliteCopy::write(std::filesystem::path file) {
    {
        Connection source(database_, Connection::Mode::read_only, false);
        // One read transaction: writers go on meanwhile (SQLite documentation, VACUUM INTO).
        source.query("VACUUM INTO ?", file.string()).finish();
    }
    check(file);
    co_return;
}

Async<void> SqliteCopy::restore(std::filesystem::path file) {
    const fs::path target = fs::absolute(database_);
    for (const auto* part : {"", "-wal"})
        if (holds_something(target.string() + part))
            throw CopyRefused(target.string() + part +
                              " is not empty: stop the service and move it away first");
    check(file);
    const fs::path partial = target.string() + ".restoring";
    try {
        fs::create_directories(target.parent_path());
        fs::copy_file(file, partial, fs::copy_options::overwrite_existing);
        flush(partial);
        // The last step, so that a half of it is never taken for the database.
        fs::rename(partial, target);
        flush(target.parent_path());
    } catch (const fs::filesystem_error& error) {
        throw Unavailable(std::string("restoring: ") + error.what());
    }
    co_return;
}

}  // namespace mlbilling::sqlite
