#include "main/bot_process.hpp"
#include "main/commands.hpp"

namespace mlbilling {

int run_bot(const Config& config) {
    BotProcess process(config);
    return process.run();
}

}  // namespace mlbilling
