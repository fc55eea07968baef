#include "main/bot_process.hpp"
#include "main/commands.hpp"
#include "main/database_wait.hpp"

namespace mlbilling {

int run_bot(const Config& config) {
    if (!await_database(config, BotProcess::usual_port)) return 0;
    BotProcess process(config);
    return process.run();
}

}  // namespace mlbilling
