#pragma once

namespace mlbilling {

/// White space of any script (Unicode property White_Space).
bool is_space(char32_t c);
/// A white space that ends a line or paragraph.
bool is_newline(char32_t c);
/// C0, DEL and C1; some of them are white space too.
bool is_control(char32_t c);
/// A letter or digit of any script, whatever locale the process runs in. Any thread.
bool is_word_character(char32_t c);
/// One of 0 to 9.
bool is_digit(char32_t c);

/// Opens what is_word_character() reads, which may fail later when no file can be opened. Called
/// once by main; false when the system has no Unicode tables.
bool load_unicode_tables();

}  // namespace mlbilling
