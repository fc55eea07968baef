#include "base/redaction.hpp"

#include <algorithm>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "base/percent.hpp"

namespace mlbilling::log {
namespace {

constexpr std::string_view hidden = "***";
constexpr std::string_view ellipsis = "…";
/// A password like `bot` would turn every other line into stars.
constexpr std::size_t min_secret = 4;
/// Shorter ones are hidden only where they stand as words of their own.
constexpr std::size_t min_anywhere = 6;
constexpr std::size_t max_passing = 16;

using Forms = std::vector<std::string>;

/// The process's secrets, longest first: one may be the beginning of another.
struct Secrets {
    std::mutex mutex;
    Forms lasting;
    std::deque<Forms> passing;
};

Secrets& secrets() {
    static Secrets instance;
    return instance;
}

std::string json_escaped(std::string_view text, bool slashes) {
    std::string out;
    for (const char c : text) {
        if (c == '"' || c == '\\' || (slashes && c == '/')) out += '\\';
        out += c;
    }
    return out;
}

void add(Forms& forms, std::string form) {
    if (form.size() < min_secret || std::ranges::find(forms, form) != forms.end()) return;
    const auto shorter = [&](const std::string& other) { return other.size() < form.size(); };
    forms.insert(std::ranges::find_if(forms, shorter), std::move(form));
}

void add_all(Forms& forms, const std::string& secret) {
    if (secret.size() < min_secret) return;
    add(forms, percent::decoded(secret));
    add(forms, percent::encoded(secret));
    add(forms, json_escaped(secret, false));
    add(forms, json_escaped(secret, true));
    add(forms, secret);
}

bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

bool stands_alone(std::string_view text, std::size_t at, std::size_t size) {
    const bool begins = at == 0 || !is_word_character(text[at - 1]);
    const bool ends = at + size == text.size() || !is_word_character(text[at + size]);
    return begins && ends;
}

void hide(std::string& text, const std::string& form) {
    for (auto at = text.find(form); at != std::string::npos; at = text.find(form, at)) {
        if (form.size() < min_anywhere && !stands_alone(text, at, form.size())) {
            at += form.size();
            continue;
        }
        text.replace(at, form.size(), hidden);
        at += hidden.size();
    }
}

/// The beginning of a form that the text ends with, if it tells a third of it or more. What tells
/// less may be something else: a bot's id begins its token.
void hide_cut(std::string& text, const std::string& form) {
    const bool marked = text.ends_with(ellipsis);
    const std::string_view body =
        std::string_view(text).substr(0, text.size() - (marked ? ellipsis.size() : 0));
    const auto min_size = std::max(min_anywhere, (form.size() + 2) / 3);
    for (auto size = std::min(form.size() - 1, body.size()); size >= min_size; --size) {
        if (!body.ends_with(std::string_view(form).substr(0, size))) continue;
        text.replace(body.size() - size, size, hidden);
        return;
    }
}

template <class Act>
void for_each_form(Act act) {
    auto& known = secrets();
    const std::lock_guard lock(known.mutex);
    for (const auto& form : known.lasting) act(form);
    for (const auto& forms : known.passing)
        for (const auto& form : forms) act(form);
}

}  // namespace

void redact(std::string secret) {
    auto& known = secrets();
    const std::lock_guard lock(known.mutex);
    add_all(known.lasting, secret);
}

void redact_passing(std::string secret) {
    Forms forms;
    add_all(forms, secret);
    auto& known = secrets();
    const std::lock_guard lock(known.mutex);
    if (forms.empty() || std::ranges::find(known.passing, forms) != known.passing.end()) return;
    known.passing.push_back(std::move(forms));
    if (known.passing.size() > max_passing) known.passing.pop_front();
}

std::string without_secrets(std::string_view text) {
    std::string out(text);
    for_each_form([&](const std::string& form) { hide(out, form); });
    for_each_form([&](const std::string& form) { hide_cut(out, form); });
    return out;
}

}  // namespace mlbilling::log
