#pragma once

#include "main/admin.hpp"
#include "main/config.hpp"

namespace mlbilling {

/// One file per command; each returns the process's exit code. What stops a start is thrown as
/// std::exception with one clear line, which main prints: WrongConfiguration where a variable's
/// value is at fault, with the exit code of one that cannot be read.
int run_serve(const Config& config);
int run_bot(const Config& config);
int run_worker(const Config& config);
int run_sandbox(const Config& config);
int run_migrate(const Config& config);
int run_doctor(const Config& config);
int run_admin(const Config& config, AdminRequest request);
/// `admin backup` and `admin restore`.
int run_backup(const Config& config, const AdminRequest& request);
int run_restore(const Config& config, const AdminRequest& request);
/// `admin copy`: from a SQLite file to PostgreSQL.
int run_copy(const AdminRequest& request);

}  // namespace mlbilling
