#pragma once

#include <exception>
#include <functional>
#include <span>

#include "adapters/sqlite/session.hpp"
#include "ports/clock.hpp"

namespace mlbilling::sqlite {

/// What an operation does to the book.
enum class Access {
    read,
    report,  ///< reads much, and takes long
    write,
    relaxed_write  ///< need not wait for the disk: should power be lost, the sweep mends what is
                   ///< gone
};

using Operation = std::function<void(Session&)>;

/// An operation that waits to be run, and what became of it.
struct Job {
    Access access = Access::write;
    Operation operation;
    std::exception_ptr error;
};

/// Runs all jobs in one transaction with one commit (design.md, Speed). A job that throws is rolled
/// back alone and keeps its exception; when the transaction as a whole fails, every job gets
/// Unavailable.
void run_batch(Connection& database, const Clock& clock, std::span<Job> jobs);

}  // namespace mlbilling::sqlite
