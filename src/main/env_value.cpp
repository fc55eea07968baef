#include "main/env_value.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace mlbilling::env_value {
namespace {

constexpr std::string_view blanks = " \t\r";
constexpr std::string_view name_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

bool is_blank(char c) { return blanks.find(c) != std::string_view::npos; }

Problem not_usable(const std::string& what) {
    return Problem{what + "; a dollar sign of its own is written $$, or within single quotes"};
}

/// What stands in the place of `$NAME`, `${NAME}`, `${NAME-word}` or `${NAME:-word}`.
struct Reference {
    std::string_view name;
    /// What an unset variable is taken for.
    std::optional<std::string_view> fallback;
    /// An empty one, too.
    bool also_when_empty = false;
    std::size_t size = 0;
};

Result<Reference> braced(std::string_view text) {
    const auto end = text.find('}');
    if (end == std::string_view::npos || text.find('\n') < end)
        return not_usable("has ${ without }");
    const auto inside = text.substr(2, end - 2);
    Reference reference;
    reference.size = end + 1;
    reference.name =
        inside.substr(0, std::min(inside.find_first_not_of(name_characters), inside.size()));
    auto operation = inside.substr(reference.name.size());
    reference.also_when_empty = operation.starts_with(":-");
    if (reference.also_when_empty) operation.remove_prefix(1);
    if (operation.starts_with('-')) reference.fallback = operation.substr(1);
    const bool whole = operation.empty() || reference.fallback;
    if (!is_name(reference.name) || !whole || inside.find('$') != std::string_view::npos)
        return not_usable("has ${ that is neither ${NAME} nor ${NAME:-default}");
    return reference;
}

Result<std::string> value_of(const Reference& reference, const Lookup& known) {
    const auto value = known(reference.name);
    if (value && !(value->empty() && reference.also_when_empty)) return *value;
    if (reference.fallback) return std::string(*reference.fallback);
    return not_usable("names the variable " + std::string(reference.name) + ", which is not set");
}

/// The dollar sign that the text begins with, and what belongs to it; how much was read.
Result<std::size_t> expand(std::string_view text, const Lookup& known, std::string& out) {
    if (text.starts_with("$$")) {
        out += '$';
        return std::size_t{2};
    }
    Reference reference;
    if (text.starts_with("${")) {
        auto read = braced(text);
        if (!read) return read.error();
        reference = *read;
    } else {
        const auto name = text.substr(1);
        reference.name =
            name.substr(0, std::min(name.find_first_not_of(name_characters), name.size()));
        reference.size = reference.name.size() + 1;
    }
    // One that no name follows is only a dollar sign.
    if (!is_name(reference.name)) {
        out += '$';
        return std::size_t{1};
    }
    auto value = value_of(reference, known);
    if (!value) return value.error();
    out += *value;
    return reference.size;
}

/// What a backslash and the next character stand for within double quotes.
std::string unescaped(char next) {
    switch (next) {
        case 'n': return "\n";
        case 'r': return "\r";
        case 't': return "\t";
        case '"':
        case '\\':
        case '$': return {next};
        default: return {'\\', next};
    }
}

/// A comment or nothing may follow a quoted value on its line.
Result<std::size_t> end_of_line(std::string_view text, std::size_t at) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto rest = trimmed(text.substr(at, end - at));
    if (!rest.empty() && (rest.front() != '#' || !is_blank(text[at])))
        return Problem{"has something behind its closing quote"};
    return std::min(end + 1, text.size());
}

/// From the quote at `at` on.
Result<Value> quoted(std::string_view text, std::size_t at, const Lookup& known) {
    const char quote = text[at++];
    Value result;
    while (at < text.size() && text[at] != quote) {
        const bool escape = text[at] == '\\' && at + 1 < text.size();
        if (quote == '\'') {
            // Compose lets a single quote stand behind a backslash, and nothing else.
            if (escape && text[at + 1] == '\'') ++at;
            result.value += text[at++];
        } else if (escape) {
            result.value += unescaped(text[at + 1]);
            at += 2;
        } else if (text[at] == '$') {
            const auto read = expand(text.substr(at), known, result.value);
            if (!read) return read.error();
            at += *read;
        } else {
            result.value += text[at++];
        }
    }
    if (at == text.size()) return Problem{"has a quote that is not closed"};
    const auto size = end_of_line(text, at + 1);
    if (!size) return size.error();
    result.size = *size;
    return result;
}

/// A comment begins at a # that follows a blank.
std::string_view without_comment(std::string_view line) {
    for (std::size_t at = 1; at < line.size(); ++at)
        if (line[at] == '#' && is_blank(line[at - 1])) return line.substr(0, at);
    return line;
}

Result<Value> plain(std::string_view text, const Lookup& known) {
    const auto end = std::min(text.find('\n'), text.size());
    auto rest = trimmed(without_comment(text.substr(0, end)));
    Value result;
    result.size = std::min(end + 1, text.size());
    while (!rest.empty()) {
        if (rest.starts_with("\\$")) {
            result.value += '$';
            rest.remove_prefix(2);
        } else if (rest.front() == '$') {
            const auto read = expand(rest, known, result.value);
            if (!read) return read.error();
            rest.remove_prefix(*read);
        } else {
            result.value += rest.front();
            rest.remove_prefix(1);
        }
    }
    return result;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_name(std::string_view text) {
    if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
    return text.find_first_not_of(name_characters) == std::string_view::npos;
}

Result<Value> read(std::string_view text, const Lookup& known) {
    const auto first = text.find_first_not_of(blanks);
    const bool is_quoted =
        first != std::string_view::npos && (text[first] == '"' || text[first] == '\'');
    if (is_quoted) return quoted(text, first, known);
    return plain(text, known);
}

}  // namespace mlbilling::env_value
