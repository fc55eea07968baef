#pragma once

#include <string>

#include "ports/database_copy.hpp"

namespace mlbilling::sqlite {

/// Copies a SQLite database; the copy is such a database itself. Blocks while it works.
class SqliteCopy final : public DatabaseCopy {
  public:
    explicit SqliteCopy(std::string database) : database_(std::move(database)) {}

    std::string suffix() const override { return ".sqlite"; }
    Async<void> write(std::filesystem::path file) override;
    Async<void> restore(std::filesystem::path file) override;

  private:
    std::string database_;
};

}  // namespace mlbilling::sqlite
