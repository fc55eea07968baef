#include "adapters/sqlite/engine.hpp"

#include <filesystem>
#include <utility>

#include "adapters/sqlite/failure.hpp"
#include "adapters/sqlite/file_modes.hpp"
#include "adapters/sqlite/migrations.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::sqlite {
namespace {

constexpr std::string_view in_memory = ":memory:";

void make_parent_directory(const std::string& path) {
    const auto parent = std::filesystem::path(path).parent_path();
    if (parent.empty()) return;
    std::error_code error;
    std::filesystem::create_directories(parent, error);
    if (error)
        throw Unavailable("database: cannot make " + parent.string() + ": " + error.message());
}

std::unique_ptr<Connection> open(const Options& options) {
    if (options.path != in_memory) {
        make_parent_directory(options.path);
        keep_from_others(options.path);
    }
    return std::make_unique<Connection>(options.path, Connection::Mode::read_write,
                                        options.synchronous_full);
}

}  // namespace

std::vector<std::string> migrate(const std::string& path, Time now) {
    const auto database = open(Options{.path = path});
    return migrate(*database, now);
}

std::optional<std::string> damage_in(const std::string& path) {
    std::error_code missing;
    if (path == in_memory || !std::filesystem::exists(path, missing)) return std::nullopt;
    // Before SQLite makes files beside it with the same rights.
    keep_from_others(path);
    try {
        Connection database(path, Connection::Mode::read_only, false);
        auto verdict = database.query("PRAGMA quick_check(1)");
        if (!verdict.next()) return "the check says nothing";
        const auto found = verdict.read<std::string>();
        if (found != "ok") return found;
    } catch (const Damaged& damage) {
        return damage.what();
    }
    return std::nullopt;
}

Engine::Engine(const Options& options, const boost::asio::any_io_executor& loop, const Clock& clock)
    : clock_(clock) {
    auto database = open(options);
    migrate(*database, clock.now());
    if (options.inline_execution) {
        inline_ = std::move(database);
        return;
    }
    if (options.path != in_memory) {
        auto snapshot = std::make_unique<Connection>(options.path, Connection::Mode::read_only,
                                                     options.synchronous_full);
        reporter_ = std::make_unique<ConnectionThread>(std::move(snapshot), clock, loop);
    }
    writer_ = std::make_unique<ConnectionThread>(std::move(database), clock, loop);
}

Async<void> Engine::run(Access access, Operation operation) {
    if (inline_) {
        Job job{access, std::move(operation), nullptr};
        run_batch(*inline_, clock_, std::span(&job, 1));
        if (job.error) std::rethrow_exception(job.error);
        co_return;
    }
    auto& thread = access == Access::report && reporter_ ? *reporter_ : *writer_;
    co_await thread.run(access, std::move(operation));
}

std::int64_t Engine::commits() const { return inline_ ? inline_->commits() : writer_->commits(); }

}  // namespace mlbilling::sqlite
