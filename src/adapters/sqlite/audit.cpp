#include "adapters/sqlite/audit.hpp"

namespace mlbilling::sqlite {

void note(Session& session, std::string_view actor, std::string_view action,
          std::string_view target, std::string_view detail) {
    session.database.run(
        "INSERT INTO audit (actor, action, target, detail, at) VALUES (?, ?, ?, ?, ?)", actor,
        action, target, detail, session.now);
}

}  // namespace mlbilling::sqlite
