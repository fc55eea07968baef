#include "main/command_line.hpp"

#include <CLI/CLI.hpp>

#include "base/check.hpp"
#include "main/version.hpp"

namespace mlbilling {
namespace {

using Action = AdminRequest::Action;

/// The words of `mlbilling admin`, each of which fills the one request.
class AdminWords {
  public:
    AdminWords(CLI::App& app, AdminRequest& request) : request_(request) {
        admin_ = app.add_subcommand("admin", "Operator's commands on the database of DATABASE_URL");
        admin_->require_subcommand(1);
        admin_->add_flag("--json", request_.json, "Print JSON for programs");
        admin_->add_option("--actor", request_.actor, "Who is written into the ledger")
            ->envname("USER")
            ->default_val("operator");
        add_user_words();
        add_price_words();
        add_task_words();
        add_ledger_words();
        add_backup_words();
        add_copy_word();
    }

    bool used() const { return admin_->parsed(); }
    /// The typed ids in the request's own types.
    void finish() {
        request_.user = TelegramId(user_);
        request_.task = TaskId(task_);
        if (const auto type = parse_task_type(type_)) request_.type = *type;
    }

  private:
    CLI::App* group(const std::string& name, const std::string& about) {
        auto* sub = admin_->add_subcommand(name, about);
        sub->require_subcommand(1);
        return sub;
    }

    CLI::App* word(CLI::App* parent, const std::string& name, const std::string& about,
                   Action action) {
        auto* sub = parent->add_subcommand(name, about);
        sub->add_flag("--json", request_.json, "Print JSON for programs");
        sub->callback([this, action] { request_.action = action; });
        return sub;
    }

    void wants_user(CLI::App* sub) {
        sub->add_option("telegram_id", user_, "Telegram id of the user")
            ->required()
            ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 52));
    }
    void wants_task(CLI::App* sub) {
        sub->add_option("task", task_, "Task id, CHAT_MESSAGE")->required();
    }
    void wants_reason(CLI::App* sub) {
        sub->add_option("--reason", request_.reason, "Why; kept in the ledger")->required();
        sub->add_option("--request", request_.request,
                        "Name of this request; the same name is booked once");
    }

    void add_user_words() {
        auto* user = group("user", "Users and their credits");
        word(user, "list", "Newest users", Action::user_list)
            ->add_option("--limit", request_.limit, "How many")
            ->check(CLI::Range(1, 10000));
        wants_user(word(user, "show", "One user", Action::user_show));
        auto* credit = word(user, "credit", "Give credits, or take them with a negative amount",
                            Action::user_credit);
        wants_user(credit);
        credit->add_option("amount", request_.amount, "Credits")->required();
        wants_reason(credit);
        wants_user(word(user, "ban", "Refuse a user's messages", Action::user_ban));
        wants_user(word(user, "unban", "Serve a banned user again", Action::user_unban));
        auto* role = word(user, "role", "Set the role: user, admin or banned", Action::user_role);
        wants_user(role);
        role->add_option("role", request_.role, "user, admin or banned")->required();
    }

    void add_price_words() {
        auto* price = group("price", "The price list");
        word(price, "list", "All prices, past ones too", Action::price_list);
        auto* set = word(price, "set", "Close the valid price and put a new one in its place",
                         Action::price_set);
        set->add_option("type", type_, "text (per character) or voice (per second)")
            ->required()
            ->check(CLI::IsMember({"text", "voice"}));
        set->add_option("credits", request_.price_per_unit, "Credits for one unit, e.g. 0.1")
            ->required();
        set->add_option("--min", request_.min_credits, "Least price of a task");
        set->add_option("--cached-percent", request_.cached_percent,
                        "Price of a repeated answer, in percent of the full one");
    }

    void add_task_words() {
        auto* task = group("task", "Tasks");
        auto* list = word(task, "list", "Newest tasks", Action::task_list);
        list->add_option("--user", user_, "Only this Telegram id");
        list->add_option("--limit", request_.limit, "How many")->check(CLI::Range(1, 10000));
        list->add_flag("--undelivered", request_.undelivered,
                       "Answers that could not be delivered, and what became of what was paid");
        wants_task(word(task, "show", "Everything about one task", Action::task_show));
        wants_task(word(task, "retry", "Try a waiting task again now", Action::task_retry));
        wants_task(word(task, "cancel", "Cancel a task that has not started", Action::task_cancel));
        auto* refund =
            word(task, "refund", "Give back what a completed task cost", Action::task_refund);
        wants_task(refund);
        refund->add_option("amount", request_.amount, "Credits")->required();
        wants_reason(refund);
    }

    void add_ledger_words() {
        auto* ledger = group("ledger", "The books");
        word(ledger, "verify", "Check that the ledger sums to the balances; exit 1 if not",
             Action::ledger_verify)
            ->add_option("--digest", request_.path,
                         "What `ledger digest` printed before: find what was changed since");
        word(ledger, "digest",
             "A line for each day with its sums and a chained SHA-256, to be kept elsewhere",
             Action::ledger_digest);
    }

    void add_copy_word() {
        auto* copy = word(admin_, "copy", "Copy the whole book from SQLite to an empty PostgreSQL",
                          Action::copy);
        copy->add_option("--from", request_.from, "sqlite:FILE, of a service that is stopped")
            ->required();
        copy->add_option("--to", request_.to, "postgresql://user:password@host:port/name")
            ->required();
    }

    void add_backup_words() {
        auto* backup = word(admin_, "backup", "Copy the whole database to a new file and check it",
                            Action::backup);
        backup->add_option("--directory", request_.path, "Where to; else BACKUP_DIRECTORY");
        backup
            ->add_option("--keep-days", request_.keep_days,
                         "Remove older backups, but never the newest 3; else BACKUP_KEEP_DAYS")
            ->check(CLI::Range(1, 10000));
        word(admin_, "restore", "Fill the empty database of DATABASE_URL from a backup",
             Action::restore)
            ->add_option("file", request_.path, "A file that `admin backup` has made")
            ->required();
    }

    AdminRequest& request_;
    CLI::App* admin_ = nullptr;
    std::int64_t user_ = 0;
    std::string task_;
    std::string type_ = "text";
};

/// `--version` of the program and of each of its commands.
void tell_version(CLI::App& app) {
    app.set_version_flag("--version", std::string("mlbilling ") + version);
    for (auto* command : app.get_subcommands({})) tell_version(*command);
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
    CLI::App app(
        "Speech over Telegram for prepaid credits. Configured by environment variables; "
        "see README.md.",
        "mlbilling");
    app.require_subcommand(1);
    auto* serve = app.add_subcommand("serve", "The whole service in one process");
    auto* bot = app.add_subcommand("bot", "The Telegram front end, over PostgreSQL and RabbitMQ");
    auto* worker = app.add_subcommand("worker", "A task worker, over PostgreSQL and RabbitMQ");
    auto* sandbox = app.add_subcommand("sandbox", "The Telegram sandbox alone, with its chat page");
    auto* migrate = app.add_subcommand("migrate", "Bring the database to the newest schema");
    auto* doctor = app.add_subcommand("doctor", "Check everything that the service needs");
    AdminRequest request;
    AdminWords admin(app, request);
    tell_version(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& wanted) {
        std::ostringstream text;
        app.exit(wanted, text, text);
        return PrintAndExit{text.str(), 0};
    } catch (const CLI::ParseError& error) {
        return PrintAndExit{std::string("mlbilling: ") + error.what() + "; see mlbilling --help\n",
                            2};
    }
    if (*serve) return ServeCommand{};
    if (*bot) return BotCommand{};
    if (*worker) return WorkerCommand{};
    if (*sandbox) return SandboxCommand{};
    if (*migrate) return MigrateCommand{};
    if (*doctor) return DoctorCommand{};
    CHECK(admin.used());
    admin.finish();
    return AdminCommand{std::move(request)};
}

}  // namespace mlbilling
