#include <array>

#include "texts/catalogue.hpp"

namespace mlbilling {
namespace {

constexpr auto entries = std::to_array<CatalogueEntry>({
    {TextId::welcome,
     "Hello! I read texts aloud and write speech down.\n\n"
     "Write something and I will send it back as a voice message. Send or forward a voice message, "
     "audio, video note or video and I will send back the text."},
    {TextId::welcome_granted, "You have been given {credits}."},
    {TextId::grant_owed,
     "You get {credits} to start with, but so many people are joining right now that they take a "
     "while to arrive. You will have them at {time} UTC (wait: {wait}), and I will write to you "
     "then."},
    {TextId::grant_given, "Your starting credits are here: {credits}."},
    {TextId::balance_line, "Your balance: {credits}."},
    {TextId::worth, "That is about {characters} read aloud, or {speech} of speech written down."},
    {TextId::demonstration,
     "A demonstration engine is at work for now: its voice is plain, and the only speech it "
     "understands is: {languages}."},
    {TextId::demonstration_no_russian,
     "It cannot write down Russian speech: for that the owner of this bot has to connect a speech "
     "provider."},
    {TextId::help,
     "What I can do:\n"
     "• text to voice: just write;\n"
     "• voice message, audio, video note or video to text: send or forward it.\n\n"
     "/balance – your credits\n"
     "/history – where they went\n"
     "/voice – choose a voice and hear it\n"
     "/settings – speed of speech and form of the answer\n"
     "/language – language of the interface\n"
     "/cancel – cancel what has not started yet\n"
     "/privacy – what I keep"},
    {TextId::help_prices,
     "Prices: 100 characters aloud – {text_price}, a minute of speech written down – "
     "{voice_price}. "
     "What comes to nothing is not charged."},
    {TextId::help_groups,
     "In groups I read a text aloud only when asked: /say and the text, an answer to a text with "
     "/say, or a message that begins with my name. I write a recording down when you mention me in "
     "an answer to it, or send it as an answer to me. Whoever asks pays; talk costs nothing. I "
     "tell "
     "balances only in private."},
    {TextId::balance_held,
     "Your balance: {balance}.\nSet aside for what is being made now: {held}.\nFree to use: "
     "{available}."},
    {TextId::history_title, "Latest entries, times in UTC:"},
    {TextId::history_line, "{time} · {amount} · {what} · {left} left"},
    {TextId::history_empty, "Nothing has happened yet."},
    {TextId::privacy,
     "What I keep: your Telegram number and name, your settings, the texts you send, references to "
     "your recordings, finished answers and every entry of your credits.\n"
     "What for: to answer you, to lose nothing and to count credits exactly.\n"
     "Who gets it: texts and recordings go to the speech provider only ({provider}), and only to "
     "do "
     "what you asked for.\n"
     "Finished audio is kept for a short while and then removed. To have the rest removed, write "
     "to "
     "the owner of this bot."},

    {TextId::history_grant, "given"},
    {TextId::history_purchase, "top-up"},
    {TextId::history_charge_text, "text to voice"},
    {TextId::history_charge_voice, "speech to text"},
    {TextId::history_charge, "charged"},
    {TextId::history_refund, "refund"},
    {TextId::history_adjustment, "correction"},

    {TextId::language_menu, "Choose a language. Выберите язык."},
    {TextId::voice_menu, "Reading now: {voice}. Choose a voice, or hear it first; that is free."},
    {TextId::voice_menu_empty, "There is no voice for this language yet. Choose another language."},
    {TextId::settings_menu,
     "Voice: {voice}\nSpeed of speech: {speed} %\nText of a recording comes as: {format}\nLanguage "
     "of "
     "your recordings: {spoken}"},
    {TextId::format_message, "a message"},
    {TextId::format_file, "a file"},
    {TextId::voice_default, "the usual one"},
    {TextId::saved, "Noted."},
    {TextId::language_saved, "All right, English from now on."},
    {TextId::voice_saved, "Reading from now on: {voice}."},
    {TextId::spoken_saved,
     "I now expect recordings in this language: {language}. Send again what was not understood."},
    {TextId::sample_caption, "{voice} · free"},
    {TextId::sample_unavailable,
     "I could not play “{voice}” just now. Please try again a little later."},

    {TextId::progress_text, "{characters} · {credits}"},
    {TextId::progress_voice, "{duration} · {credits}"},
    {TextId::progress_voice_unknown, "Listening…"},
    {TextId::progress_elapsed, "{what}\nStill at it, {elapsed} so far"},
    {TextId::receipt, "−{cost} · {left} left"},
    {TextId::receipt_cached, "−{cost} (was ready already) · {left} left"},
    {TextId::receipt_free, "Free · {left} left"},
    {TextId::receipt_for_all, "−{cost}"},
    {TextId::receipt_cached_for_all, "−{cost} (was ready already)"},
    {TextId::receipt_free_for_all, "Free"},
    {TextId::part_of, "{part}/{parts}"},
    {TextId::sent_as_audio, "Voice messages are not allowed here, so this is an audio file."},
    {TextId::sent_as_document, "Voice messages and audio are not allowed here, so this is a file."},
    {TextId::voice_refused, "Telegram did not take this as a voice message, so this is a file."},
    {TextId::result_lost,
     "The finished recording got lost on our side and cannot be sent. {cost} came back to your "
     "balance. Please send the text once more."},
    {TextId::result_gone, "This recording is not kept any more."},
    {TextId::result_unsendable,
     "The recording is ready, but Telegram lets me send it here neither as a voice message nor as "
     "a "
     "file. Please check the settings of this chat."},
    {TextId::result_refused,
     "The result is ready, but Telegram does not let me send it to the chat where you asked for "
     "it. "
     "{cost} came back to your balance."},
    {TextId::result_kept,
     "I could not deliver a result to you, so I kept it. I send it at no further charge."},
    {TextId::result_uncertain,
     "The connection broke while I was sending the result, and I cannot tell whether you have it. "
     "If not, I send it once more at no charge."},
    {TextId::answer_uncertain,
     "The connection broke while I was answering, and I cannot tell whether you have the answer. "
     "If not, please ask again."},

    {TextId::waits_for_turn,
     "Many recordings are waiting, and the speech provider takes only so many an hour. Yours is "
     "on its way; the text will come by itself. Time left: about {wait}. Until then you can "
     "cancel it: /cancel"},

    {TextId::proposal_text, "{characters} aloud: {price}."},
    {TextId::proposal_voice, "A recording of {duration} written down: {price}."},
    {TextId::proposal_balance, "Free to use: {available}. Shall I start?"},
    {TextId::proposal_gone,
     "This question has been answered already or is too old. Send it again if you still need it."},
    {TextId::declined, "All right, I leave it. Not charged."},
    {TextId::insufficient, "This costs {price}, your balance is {balance}. Missing: {missing}."},
    {TextId::insufficient_held,
     "This costs {price}.\nYour balance: {balance}.\nSet aside for what is being made now: "
     "{held}.\nFree to use: {available}. Missing: {missing}."},
    {TextId::insufficient_wait,
     "Please wait until what is running has finished: what it does not use is free again."},
    {TextId::insufficient_top_up, "The owner of this bot can top up your balance."},
    {TextId::banned,
     "You have no access here. If this is a mistake, write to the owner of this bot."},
    {TextId::cancelled, "Cancelled. Not charged."},
    {TextId::cancelled_released, "Cancelled. Free to use again: {credits}."},
    {TextId::not_cancellable, "There is nothing to cancel: all of it is being made or ready."},
    {TextId::unknown_command,
     "I do not know this command. I do not read it aloud and charge nothing. What I can do: /help"},
    {TextId::write_privately,
     "I answer this only in private. Open https://t.me/{bot}, press Start and ask me there."},
    {TextId::say_what,
     "Write /say and the text after it, or answer a text with /say, and I read it aloud."},
    {TextId::unsupported_content,
     "I cannot work with this. Send me a text, a voice message, audio or video."},
    {TextId::file_too_large,
     "The file is larger than {megabytes} MB, and such files do not reach me. Please compress or "
     "split it. Not charged."},
    {TextId::text_too_long,
     "This text is too long: I read up to {limit} at a time. Please split it. Not charged."},

    {TextId::failure_none, "Done."},
    {TextId::failure_nothing_to_say,
     "There is nothing to read here: it takes at least one letter or digit. Not charged."},
    {TextId::failure_silence, "No speech can be heard. Not charged."},
    {TextId::failure_not_audio, "There is no sound in this file that I can read. Not charged."},
    {TextId::failure_damaged_audio, "The recording is damaged and cannot be played. Not charged."},
    {TextId::failure_too_long, "This is too long for one go. Please split it. Not charged."},
    {TextId::failure_too_large,
     "The file is larger than what reaches me. Please compress or split it. Not charged."},
    {TextId::failure_file_unavailable,
     "Telegram does not give this file any more. Please send it again. Not charged."},
    {TextId::failure_unsupported_language, "I do not understand this language yet. Not charged."},
    {TextId::failure_provider_refused,
     "The speech provider would not take this. Please change it and try again. Not charged."},
    {TextId::failure_too_short,
     "This is too short for the speech provider to read. Please send a longer one. Not charged."},
    {TextId::failure_not_spoken,
     "Reading this text aloud did not work: the speech provider made only silence of it. Please "
     "change the text or choose another voice. Not charged."},
    {TextId::failure_provider_failed,
     "It did not work: the speech provider is in trouble. Please try a little later. Not charged."},
    {TextId::failure_insufficient_credits,
     "There is more work in this than it seemed, and your credits do not cover it. Not charged."},
    {TextId::failure_price_above_limit,
     "This costs more than I may do without your yes. Not charged."},
    {TextId::failure_expired, "It could not be done in time, sorry. Not charged."},
    {TextId::failure_cancelled, "Cancelled. Not charged."},

    {TextId::button_cancel, "Cancel"},
    {TextId::button_yes_text, "Read it for {price}"},
    {TextId::button_yes_voice, "Write it for {price}"},
    {TextId::button_no, "No, thanks"},
    {TextId::button_voice, "Voice"},
    {TextId::button_language, "Language"},
    {TextId::button_sample, "▶ Listen"},
    {TextId::button_earlier, "Earlier"},
    {TextId::button_again, "Send it again"},
    {TextId::button_speed, "{speed} %"},
    {TextId::button_format_message, "As a message"},
    {TextId::button_format_file, "As a file"},
    {TextId::button_spoken, "🎤 {language}"},
    {TextId::toast_dead_button, "This button no longer works"},
    {TextId::toast_not_yours, "These buttons are for somebody else"},

    {TextId::command_start, "Start"},
    {TextId::command_help, "What I can do"},
    {TextId::command_balance, "Your credits"},
    {TextId::command_history, "Where credits went"},
    {TextId::command_language, "Language of the interface"},
    {TextId::command_voice, "Choose a voice"},
    {TextId::command_settings, "Speed and form of the answer"},
    {TextId::command_cancel, "Cancel what has not started"},
    {TextId::command_say, "Read a text aloud (for groups)"},
    {TextId::command_privacy, "What I keep"},
});

}  // namespace

std::span<const CatalogueEntry> english_catalogue() { return entries; }

}  // namespace mlbilling
