#include <iostream>

#include "main/commands.hpp"
#include "main/open_store.hpp"

namespace mlbilling {

int run_migrate(const Config& config) {
    const auto applied = migrate_store(config.database);
    for (const auto& name : applied) std::cout << "applied " << name << '\n';
    if (applied.empty()) std::cout << "the schema is the newest; nothing to do\n";
    return 0;
}

}  // namespace mlbilling
