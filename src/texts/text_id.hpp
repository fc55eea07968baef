#pragma once

namespace mlbilling {

/// Every sentence that a user may read; each language's catalogue has exactly one template for
/// each. The catalogues name the placeholders; a test proves that all languages have the same.
enum class TextId {
    // What is shown at the start and on request.
    welcome,
    welcome_granted,
    grant_owed,
    grant_given,
    balance_line,
    worth,
    demonstration,
    demonstration_no_russian,
    help,
    help_prices,
    help_groups,
    balance_held,
    history_title,
    history_line,
    history_empty,
    privacy,

    // What a line of the history was.
    history_grant,
    history_purchase,
    history_charge_text,
    history_charge_voice,
    history_charge,
    history_refund,
    history_adjustment,

    // Menus.
    language_menu,
    voice_menu,
    voice_menu_empty,
    settings_menu,
    format_message,
    format_file,
    voice_default,
    saved,
    language_saved,
    voice_saved,
    spoken_saved,
    sample_caption,
    sample_unavailable,

    // Progress, receipts and results.
    progress_text,
    progress_voice,
    progress_voice_unknown,
    progress_elapsed,
    receipt,
    receipt_cached,
    receipt_free,
    receipt_for_all,
    receipt_cached_for_all,
    receipt_free_for_all,
    part_of,
    sent_as_audio,
    sent_as_document,
    voice_refused,
    result_lost,
    result_gone,
    result_unsendable,
    result_refused,
    result_kept,
    result_uncertain,
    answer_uncertain,
    waits_for_turn,

    // Questions and refusals.
    proposal_text,
    proposal_voice,
    proposal_balance,
    proposal_gone,
    declined,
    insufficient,
    insufficient_held,
    insufficient_wait,
    insufficient_top_up,
    banned,
    cancelled,
    cancelled_released,
    not_cancellable,
    unknown_command,
    write_privately,
    say_what,
    unsupported_content,
    file_too_large,
    text_too_long,

    // Why a piece of work came to nothing; see failure_text.hpp.
    failure_none,
    failure_nothing_to_say,
    failure_silence,
    failure_not_audio,
    failure_damaged_audio,
    failure_too_long,
    failure_too_large,
    failure_file_unavailable,
    failure_unsupported_language,
    failure_provider_refused,
    failure_too_short,
    failure_not_spoken,
    failure_provider_failed,
    failure_insufficient_credits,
    failure_price_above_limit,
    failure_expired,
    failure_cancelled,

    // Buttons and toasts.
    button_cancel,
    button_yes_text,
    button_yes_voice,
    button_no,
    button_voice,
    button_language,
    button_sample,
    button_earlier,
    button_again,
    button_speed,
    button_format_message,
    button_format_file,
    button_spoken,
    toast_dead_button,
    toast_not_yours,

    // The menu of commands that Telegram shows.
    command_start,
    command_help,
    command_balance,
    command_history,
    command_language,
    command_voice,
    command_settings,
    command_cancel,
    command_say,
    command_privacy
};

/// The last of TextId: texts are numbered from 0 to this.
inline constexpr TextId last_text_id = TextId::command_privacy;

}  // namespace mlbilling
