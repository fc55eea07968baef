#include <array>

#include "texts/catalogue.hpp"

namespace mlbilling {
namespace {

constexpr auto entries = std::to_array<CatalogueEntry>({
    {TextId::welcome,
     "Здравствуйте! Я читаю тексты вслух и перевожу речь в текст.\n\n"
     "Напишите что-нибудь — пришлю голосовое. Пришлите или перешлите голосовое, аудио, кружок или "
     "видео — пришлю текст."},
    {TextId::welcome_granted, "Вам начислено: {credits}."},
    {TextId::grant_owed,
     "Вам на старт положено: {credits}. Новых людей сейчас очень много, поэтому начислю не сразу, "
     "а в {time} UTC (ждать: {wait}). Как только начислю, напишу."},
    {TextId::grant_given, "Стартовые кредиты начислены: {credits}."},
    {TextId::balance_line, "На счету: {credits}."},
    {TextId::worth, "Это примерно {characters} вслух или {speech} записи."},
    {TextId::demonstration,
     "Сейчас работает демонстрационный движок: голос у него простой, а речь он понимает только на "
     "таких языках: {languages}."},
    {TextId::demonstration_no_russian,
     "Русскую речь он не распознаёт: для этого владельцу бота нужно подключить речевой сервис."},
    {TextId::help,
     "Что я умею:\n"
     "• текст в голос — просто напишите;\n"
     "• голосовое, аудио, кружок или видео в текст — пришлите или перешлите.\n\n"
     "/balance — сколько кредитов на счету\n"
     "/history — на что они ушли\n"
     "/voice — выбрать голос и послушать его\n"
     "/settings — скорость речи и вид ответа\n"
     "/language — язык интерфейса\n"
     "/cancel — отменить то, что ещё не началось\n"
     "/privacy — что я храню"},
    {TextId::help_prices,
     "Цены: 100 знаков вслух — {text_price}, минута записи — {voice_price}. Если ничего не вышло, "
     "кредиты не списываются."},
    {TextId::help_groups,
     "В группах я озвучиваю текст, только когда попросят: /say и текст, ответ командой /say на "
     "текст "
     "или сообщение, которое начинается с моего имени. Запись расшифрую, если упомянуть меня в "
     "ответе на неё или прислать её ответом мне. Платит тот, кто попросил; разговоры бесплатны. О "
     "балансе пишу только лично."},
    {TextId::balance_held,
     "На счету: {balance}.\nОтложено на то, что сейчас готовится: {held}.\nСвободно: {available}."},
    {TextId::history_title, "Последние операции, время UTC:"},
    {TextId::history_line, "{time} · {amount} · {what} · осталось {left}"},
    {TextId::history_empty, "Операций пока не было."},
    {TextId::privacy,
     "Что я храню: ваш номер и имя в Telegram, настройки, присланные тексты и ссылки на записи, "
     "готовые ответы и все операции с кредитами.\n"
     "Зачем: чтобы ответить, ничего не потерять и точно посчитать кредиты.\n"
     "Кому передаю: тексты и записи получает только речевой сервис ({provider}), и только чтобы "
     "сделать то, о чём вы попросили.\n"
     "Готовый звук хранится недолго и удаляется сам. Чтобы удалить остальное, напишите владельцу "
     "бота."},

    {TextId::history_grant, "начислено"},
    {TextId::history_purchase, "пополнение"},
    {TextId::history_charge_text, "текст в голос"},
    {TextId::history_charge_voice, "запись в текст"},
    {TextId::history_charge, "списано"},
    {TextId::history_refund, "возврат"},
    {TextId::history_adjustment, "поправка"},

    {TextId::language_menu, "Выберите язык. Choose a language."},
    {TextId::voice_menu,
     "Сейчас читает: {voice}. Выберите голос или сначала послушайте, это бесплатно."},
    {TextId::voice_menu_empty, "Для этого языка голосов пока нет. Выберите другой язык."},
    {TextId::settings_menu,
     "Голос: {voice}\nСкорость речи: {speed} %\nТекст записи приходит: {format}\nЯзык записей: "
     "{spoken}"},
    {TextId::format_message, "сообщением"},
    {TextId::format_file, "файлом"},
    {TextId::voice_default, "обычный"},
    {TextId::saved, "Запомнил."},
    {TextId::language_saved, "Хорошо, дальше по-русски."},
    {TextId::voice_saved, "Теперь читает: {voice}."},
    {TextId::spoken_saved,
     "Теперь жду записи на таком языке: {language}. Что не распозналось, пришлите ещё раз."},
    {TextId::sample_caption, "{voice} · бесплатно"},
    {TextId::sample_unavailable,
     "Послушать «{voice}» сейчас не получилось. Попробуйте чуть позже."},

    {TextId::progress_text, "{characters} · {credits}"},
    {TextId::progress_voice, "{duration} · {credits}"},
    {TextId::progress_voice_unknown, "Слушаю запись…"},
    {TextId::progress_elapsed, "{what}\nЕщё готовлю, прошло {elapsed}"},
    {TextId::receipt, "−{cost} · осталось {left}"},
    {TextId::receipt_cached, "−{cost} (уже было готово) · осталось {left}"},
    {TextId::receipt_free, "Бесплатно · осталось {left}"},
    {TextId::receipt_for_all, "−{cost}"},
    {TextId::receipt_cached_for_all, "−{cost} (уже было готово)"},
    {TextId::receipt_free_for_all, "Бесплатно"},
    {TextId::part_of, "{part}/{parts}"},
    {TextId::sent_as_audio, "Голосовые здесь запрещены, поэтому аудиозапись."},
    {TextId::sent_as_document, "Голосовые и аудио здесь запрещены, поэтому файл."},
    {TextId::voice_refused, "Telegram не принял это как голосовое, поэтому файл."},
    {TextId::result_lost,
     "Готовая запись пропала у нас, прислать её не получится. На баланс возвращено: {cost}. "
     "Пришлите текст ещё раз."},
    {TextId::result_gone, "Эта запись больше не хранится."},
    {TextId::result_unsendable,
     "Запись готова, но Telegram не даёт прислать её сюда ни голосовым, ни файлом. Проверьте "
     "настройки чата."},
    {TextId::result_refused,
     "Результат готов, но Telegram не даёт мне прислать его в чат, где вы его просили. На баланс "
     "возвращено: {cost}."},
    {TextId::result_kept,
     "Один результат не удалось вам доставить, и я его сохранил. Пришлю без новой оплаты."},
    {TextId::result_uncertain,
     "Связь прервалась, пока я отправлял результат, и непонятно, дошёл ли он. Если нет, пришлю ещё "
     "раз бесплатно."},
    {TextId::answer_uncertain,
     "Связь прервалась, пока я отвечал, и непонятно, дошёл ли ответ. Если нет, спросите ещё раз."},

    {TextId::waits_for_turn,
     "Сейчас много записей, а речевой сервис принимает в час только часть из них. Ваша запись "
     "принята, текст придёт сам. Осталось примерно: {wait}. Если передумаете: /cancel"},

    {TextId::proposal_text, "{characters} вслух: {price}."},
    {TextId::proposal_voice, "Запись {duration} в текст: {price}."},
    {TextId::proposal_balance, "Свободно: {available}. Начинать?"},
    {TextId::proposal_gone, "Этот вопрос уже решён или устарел. Если нужно, пришлите ещё раз."},
    {TextId::declined, "Хорошо, не делаю. Кредиты не списаны."},
    {TextId::insufficient, "Это стоит {price}, а на счету {balance}. Не хватает: {missing}."},
    {TextId::insufficient_held,
     "Это стоит {price}.\nНа счету: {balance}.\nОтложено на то, что сейчас готовится: "
     "{held}.\nСвободно: {available}. Не хватает: {missing}."},
    {TextId::insufficient_wait,
     "Подождите, пока закончится начатое: что не понадобится, снова станет свободным."},
    {TextId::insufficient_top_up, "Пополнить счёт поможет владелец бота."},
    {TextId::banned, "Доступ для вас закрыт. Если это ошибка, напишите владельцу бота."},
    {TextId::cancelled, "Отменено. Кредиты не списаны."},
    {TextId::cancelled_released, "Отменено. Снова свободно: {credits}."},
    {TextId::not_cancellable, "Отменять нечего: всё уже готовится или готово."},
    {TextId::unknown_command,
     "Такой команды я не знаю. Вслух её не читаю и ничего не списываю. Что я умею: /help"},
    {TextId::write_privately,
     "На это я отвечаю только лично. Откройте https://t.me/{bot}, нажмите «Старт» и спросите там."},
    {TextId::say_what,
     "Напишите /say и текст после него или ответьте командой /say на чужой текст — прочитаю "
     "вслух."},
    {TextId::unsupported_content,
     "С таким я работать не умею. Пришлите текст, голосовое, аудио или видео."},
    {TextId::file_too_large,
     "Файл больше {megabytes} МБ, а такие до меня не доходят. Сожмите его или разделите. Кредиты "
     "не списаны."},
    {TextId::text_too_long,
     "Слишком длинный текст: за один раз я читаю до {limit}. Разделите его на части. Кредиты не "
     "списаны."},

    {TextId::failure_none, "Готово."},
    {TextId::failure_nothing_to_say,
     "Здесь нечего прочитать: нужна хотя бы одна буква или цифра. Кредиты не списаны."},
    {TextId::failure_silence, "Речи не слышно. Кредиты не списаны."},
    {TextId::failure_not_audio,
     "В этом файле нет звука, который можно разобрать. Кредиты не списаны."},
    {TextId::failure_damaged_audio,
     "Запись повреждена, прослушать её не получилось. Кредиты не списаны."},
    {TextId::failure_too_long,
     "Для одного раза это слишком долго. Разделите на части. Кредиты не списаны."},
    {TextId::failure_too_large,
     "Файл слишком большой и до меня не доходит. Сожмите его или разделите. Кредиты не списаны."},
    {TextId::failure_file_unavailable,
     "Telegram больше не отдаёт этот файл. Пришлите его ещё раз. Кредиты не списаны."},
    {TextId::failure_unsupported_language, "Этого языка я пока не понимаю. Кредиты не списаны."},
    {TextId::failure_provider_refused,
     "Речевой сервис это не принял. Измените что-нибудь и попробуйте ещё раз. Кредиты не списаны."},
    {TextId::failure_too_short,
     "Это слишком коротко: речевой сервис такое не распознаёт. Пришлите запись подлиннее. Кредиты "
     "не списаны."},
    {TextId::failure_not_spoken,
     "Озвучить этот текст не получилось: у речевого сервиса вышла одна тишина. Измените текст или "
     "выберите другой голос. Кредиты не списаны."},
    {TextId::failure_provider_failed,
     "Не получилось: речевой сервис сейчас не справляется. Попробуйте чуть позже. Кредиты не "
     "списаны."},
    {TextId::failure_insufficient_credits,
     "Работы здесь больше, чем казалось, и кредитов на неё не хватает. Кредиты не списаны."},
    {TextId::failure_price_above_limit,
     "Это дороже, чем можно сделать без вашего согласия. Кредиты не списаны."},
    {TextId::failure_expired, "Не получилось успеть вовремя, простите. Кредиты не списаны."},
    {TextId::failure_cancelled, "Отменено. Кредиты не списаны."},

    {TextId::button_cancel, "Отмена"},
    {TextId::button_yes_text, "Прочитать за {price}"},
    {TextId::button_yes_voice, "Расшифровать за {price}"},
    {TextId::button_no, "Не надо"},
    {TextId::button_voice, "Голос"},
    {TextId::button_language, "Язык"},
    {TextId::button_sample, "▶ Послушать"},
    {TextId::button_earlier, "Раньше"},
    {TextId::button_again, "Прислать ещё раз"},
    {TextId::button_speed, "{speed} %"},
    {TextId::button_format_message, "Сообщением"},
    {TextId::button_format_file, "Файлом"},
    {TextId::button_spoken, "🎤 {language}"},
    {TextId::toast_dead_button, "Эта кнопка больше не работает"},
    {TextId::toast_not_yours, "Эти кнопки не для вас"},

    {TextId::command_start, "Начать"},
    {TextId::command_help, "Что я умею"},
    {TextId::command_balance, "Сколько кредитов"},
    {TextId::command_history, "На что ушли кредиты"},
    {TextId::command_language, "Язык интерфейса"},
    {TextId::command_voice, "Выбрать голос"},
    {TextId::command_settings, "Скорость и вид ответа"},
    {TextId::command_cancel, "Отменить то, что не началось"},
    {TextId::command_say, "Озвучить текст (для групп)"},
    {TextId::command_privacy, "Что я храню"},
});

}  // namespace

std::span<const CatalogueEntry> russian_catalogue() { return entries; }

}  // namespace mlbilling
