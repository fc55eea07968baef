#include "main/command_line.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace mlbilling {
namespace {

Command parsed(const std::string& words) {
    std::vector<std::string> arguments{"mlbilling"};
    std::istringstream in(words);
    for (std::string word; in >> word;) arguments.push_back(word);
    std::vector<const char*> pointers;
    for (const auto& argument : arguments) pointers.push_back(argument.c_str());
    return parse_command_line(static_cast<int>(pointers.size()), pointers.data());
}

PrintAndExit printed(const std::string& words) {
    const auto command = parsed(words);
    const auto* print = std::get_if<PrintAndExit>(&command);
    EXPECT_NE(print, nullptr) << words;
    return print == nullptr ? PrintAndExit{} : *print;
}

AdminRequest admin(const std::string& words) {
    const auto command = parsed("admin " + words);
    const auto* request = std::get_if<AdminCommand>(&command);
    EXPECT_NE(request, nullptr) << words;
    return request == nullptr ? AdminRequest{} : request->request;
}

const std::vector<std::string> commands{"serve",   "bot",    "worker", "sandbox",
                                        "migrate", "doctor", "admin"};

TEST(CommandLine, EveryCommandIsThere) {
    EXPECT_TRUE(std::holds_alternative<ServeCommand>(parsed("serve")));
    EXPECT_TRUE(std::holds_alternative<BotCommand>(parsed("bot")));
    EXPECT_TRUE(std::holds_alternative<WorkerCommand>(parsed("worker")));
    EXPECT_TRUE(std::holds_alternative<SandboxCommand>(parsed("sandbox")));
    EXPECT_TRUE(std::holds_alternative<MigrateCommand>(parsed("migrate")));
    EXPECT_TRUE(std::holds_alternative<DoctorCommand>(parsed("doctor")));
}

TEST(CommandLine, EveryCommandHasHelpAndVersion) {
    for (const auto& command : commands) {
        const auto help = printed(command + " --help");
        EXPECT_EQ(help.exit_code, 0) << command;
        EXPECT_NE(help.text.find("Usage"), std::string::npos) << help.text;
        const auto version = printed(command + " --version");
        EXPECT_EQ(version.exit_code, 0) << command << ": " << version.text;
        EXPECT_TRUE(version.text.starts_with("mlbilling ")) << version.text;
    }
    EXPECT_EQ(printed("--help").exit_code, 0);
    EXPECT_TRUE(printed("--version").text.starts_with("mlbilling "));
    EXPECT_TRUE(printed("admin user show --version").text.starts_with("mlbilling "));
}

TEST(CommandLine, WrongUsageIsOneLineAndEndsWith2) {
    for (const auto* wrong :
         {"", "dance", "serve now", "serve --fast", "admin", "admin user", "admin user show",
          "admin user show zero", "admin user show 0", "admin user credit 5",
          "admin user credit 5 10", "admin price set song 1", "admin task show"}) {
        const auto print = printed(wrong);
        EXPECT_EQ(print.exit_code, 2) << wrong;
        EXPECT_TRUE(print.text.starts_with("mlbilling: ")) << print.text;
        EXPECT_EQ(print.text.find('\n'), print.text.size() - 1) << print.text;
    }
}

TEST(CommandLine, TheOperatorsWordsAreThere) {
    using Action = AdminRequest::Action;
    EXPECT_EQ(admin("user show 5").user, TelegramId(5));
    const auto credit = admin("user credit 5 -10 --reason gift --request r1 --json");
    EXPECT_EQ(credit.action, Action::user_credit);
    EXPECT_EQ(credit.amount, -10);
    EXPECT_EQ(credit.reason, "gift");
    EXPECT_EQ(credit.request, "r1");
    EXPECT_TRUE(credit.json);
    EXPECT_EQ(admin("user ban 5").action, Action::user_ban);
    EXPECT_EQ(admin("user unban 5").action, Action::user_unban);
    EXPECT_EQ(admin("user role 5 admin").role, "admin");
    EXPECT_EQ(admin("price list").action, Action::price_list);
    EXPECT_EQ(admin("price set voice 0.5").type, TaskType::voice);
    EXPECT_EQ(admin("task show 1_2").task, TaskId("1_2"));
    EXPECT_EQ(admin("task retry 1_2").action, Action::task_retry);
    EXPECT_EQ(admin("task cancel 1_2").action, Action::task_cancel);
    EXPECT_EQ(admin("ledger verify").action, Action::ledger_verify);
    EXPECT_EQ(admin("backup").action, Action::backup);
    EXPECT_EQ(admin("restore file").path, "file");
    EXPECT_EQ(admin("copy --from sqlite:a --to postgresql://b/c").action, Action::copy);
}

}  // namespace
}  // namespace mlbilling
