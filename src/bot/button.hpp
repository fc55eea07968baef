#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/ids.hpp"
#include "domain/user.hpp"

namespace mlbilling::bot {

enum class Menu { language, voice, settings };

struct ChooseLanguage {
    Language language = Language::english;
    friend bool operator==(const ChooseLanguage&, const ChooseLanguage&) = default;
};
struct ChooseVoice {
    std::string voice;
    friend bool operator==(const ChooseVoice&, const ChooseVoice&) = default;
};
struct ShowVoices {
    std::string language;
    friend bool operator==(const ShowVoices&, const ShowVoices&) = default;
};
struct HearSample {
    std::string voice;
    friend bool operator==(const HearSample&, const HearSample&) = default;
};
struct ChooseSpeed {
    int percent = 100;
    friend bool operator==(const ChooseSpeed&, const ChooseSpeed&) = default;
};
struct ChooseFormat {
    ReplyFormat format = ReplyFormat::message;
    friend bool operator==(const ChooseFormat&, const ChooseFormat&) = default;
};
struct ChooseSpokenLanguage {
    std::string language;
    friend bool operator==(const ChooseSpokenLanguage&, const ChooseSpokenLanguage&) = default;
};
struct CancelTask {
    TaskId task;
    friend bool operator==(const CancelTask&, const CancelTask&) = default;
};
struct AcceptProposal {
    ProposalId proposal;
    friend bool operator==(const AcceptProposal&, const AcceptProposal&) = default;
};
struct DeclineProposal {
    ProposalId proposal;
    friend bool operator==(const DeclineProposal&, const DeclineProposal&) = default;
};
struct ShowMenu {
    Menu menu = Menu::settings;
    friend bool operator==(const ShowMenu&, const ShowMenu&) = default;
};
struct ShowHistory {
    /// Lines with an id below this one.
    std::int64_t before = 0;
    friend bool operator==(const ShowHistory&, const ShowHistory&) = default;
};

struct ResendResult {
    TaskId task;
    friend bool operator==(const ResendResult&, const ResendResult&) = default;
};

/// What a button under one of our messages asks for.
using ButtonAction = std::variant<ChooseLanguage, ChooseVoice, ShowVoices, HearSample, ChooseSpeed,
                                  ChooseFormat, ChooseSpokenLanguage, CancelTask, AcceptProposal,
                                  DeclineProposal, ShowMenu, ShowHistory, ResendResult>;

/// Reads a button's data, which anybody can make up: `lang:ru`, `voice:<id>`, `voices:<language>`,
/// `sample:<voice id>`, `speed:<50..200>`, `format:message|file`, `spoken:<language>`,
/// `cancel:<task id>`, `go:<proposal id>`, `no:<proposal id>`, `menu:<name>`, `history:<line id>`,
/// `again:<task id>`. Nothing for all else.
std::optional<ButtonAction> parse_button(std::string_view data);

/// The same in writing; 1 to 64 bytes (telegram.md 1.4). CHECKs that it can be read back.
std::string button_data(const ButtonAction& action);

}  // namespace mlbilling::bot
