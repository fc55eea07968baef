#include "adapters/stored_documents/notice_kinds.hpp"

#include <string>

#include "domain/names.hpp"

namespace mlbilling {
namespace {

using Kind = Notice::Kind;

constexpr Names<Kind, 29> names{{{Kind::task_result, "task_result"},
                                 {Kind::insufficient, "insufficient"},
                                 {Kind::proposal, "proposal"},
                                 {Kind::banned, "banned"},
                                 {Kind::cancelled, "cancelled"},
                                 {Kind::not_cancellable, "not_cancellable"},
                                 {Kind::welcome, "welcome"},
                                 {Kind::help, "help"},
                                 {Kind::balance, "balance"},
                                 {Kind::history, "history"},
                                 {Kind::language_menu, "language_menu"},
                                 {Kind::voice_menu, "voice_menu"},
                                 {Kind::settings_menu, "settings_menu"},
                                 {Kind::settings_changed, "settings_changed"},
                                 {Kind::privacy, "privacy"},
                                 {Kind::unknown_command, "unknown_command"},
                                 {Kind::unsupported_content, "unsupported_content"},
                                 {Kind::file_too_large, "file_too_large"},
                                 {Kind::text_too_long, "text_too_long"},
                                 {Kind::nothing_to_say, "nothing_to_say"},
                                 {Kind::say_what, "say_what"},
                                 {Kind::proposal_gone, "proposal_gone"},
                                 {Kind::answer_uncertain, "answer_uncertain"},
                                 {Kind::grant_owed, "grant_owed"},
                                 {Kind::grant_given, "grant_given"},
                                 {Kind::result_again, "result_again"},
                                 {Kind::result_refused, "result_refused"},
                                 {Kind::result_kept, "result_kept"},
                                 {Kind::waits_for_turn, "waits_for_turn"}}};

}  // namespace

std::string_view to_string(Notice::Kind kind) { return name_of(names, kind); }
std::optional<Notice::Kind> parse_notice_kind(std::string_view name) {
    return value_of(names, name);
}

Notice waits_for_turn(Duration ready_in) {
    return {Kind::waits_for_turn, {{"ms", std::to_string(ready_in.count())}}};
}

}  // namespace mlbilling
