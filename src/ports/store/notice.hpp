#pragma once

#include <map>
#include <string>
#include <string_view>

namespace mlbilling {

/// Something the bot has to tell a user. Stored as facts and put into words only when it is sent,
/// so that the store knows no texts and the figures are those of the commit.
struct Notice {
    enum class Kind {
        task_result,   ///< the end of a task, good or bad; the facts are the task's record
        insufficient,  ///< price, balance, held, type
        proposal,      ///< proposal, price, units, type, balance, held
        banned,
        cancelled,  ///< credits: how many were released
        not_cancellable,
        welcome,  ///< granted: credits of a new user, or absent
        help,
        balance,
        history,  ///< before: only lines with a smaller id, or absent
        language_menu,
        voice_menu,  ///< language: whose voices, or absent; sample: a voice to be heard instead
        settings_menu,
        settings_changed,  ///< what: the setting
        privacy,
        unknown_command,
        unsupported_content,
        file_too_large,  ///< megabytes: the largest that is taken
        text_too_long,   ///< limit: in characters
        nothing_to_say,
        say_what,  ///< /say without a text
        proposal_gone,
        answer_uncertain,  ///< task: whose result may not have arrived; absent: another answer
        grant_owed,      ///< credits, due: when they come, in ms of UTC; minutes: how long that is
        grant_given,     ///< credits: that were owed until now
        result_again,    ///< task: whose result is asked for again
        result_refused,  ///< cost: paid back, since the chat did not take the result
        result_kept,     ///< task: whose result could not be delivered and can be had
        waits_for_turn   ///< ms: until it will be ready
    };
    Kind kind = Kind::help;
    /// Names and values as listed beside the kinds; numbers in decimal.
    std::map<std::string, std::string> facts;

    friend bool operator==(const Notice&, const Notice&) = default;
};

}  // namespace mlbilling
