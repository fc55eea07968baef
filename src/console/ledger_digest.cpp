#include "console/ledger_digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <sstream>

#include "base/check.hpp"

namespace mlbilling {
namespace {

constexpr int rows_at_once = 2'000;
constexpr std::size_t hash_length = 64;

std::string sha256(const std::string& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    CHECK(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
        hex += digits[digest.at(i) >> 4U];
        hex += digits[digest.at(i) & 15U];
    }
    return hex;
}

std::string day_of(Time moment) {
    const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(moment));
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(day.year()),
                  static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
    return text.data();
}

/// All of a row, so that no two rows are written alike.
std::string in_writing(const TransactionRecord& row) {
    return boost::json::serialize(boost::json::array{
        row.id, row.user.value(), row.amount.value(), to_string(row.type),
        row.task ? row.task->value() : std::string(), row.sequence, row.balance_after.value(),
        row.key, row.actor, row.reason, row.created_at.time_since_epoch().count()});
}

/// Adds up rows in the order of their ids.
class Chain {
  public:
    void add(const TransactionRecord& row) {
        hash_ = sha256(hash_ + in_writing(row));
        last_ = row;
        ++rows_;
        sum_ += row.amount.value();
        total_ += row.amount.value();
    }
    const std::optional<TransactionRecord>& last() const { return last_; }
    /// The line that ends with the newest row; the next begins behind it.
    DigestLine cut() {
        DigestLine line;
        if (last_) {
            line.day = day_of(last_->created_at);
            line.last = last_->id;
        }
        line.rows = std::exchange(rows_, 0);
        line.sum = std::exchange(sum_, 0);
        line.total = total_;
        line.hash = hash_;
        return line;
    }

  private:
    std::string hash_ = sha256("mlbilling ledger");
    std::optional<TransactionRecord> last_;
    std::int64_t rows_ = 0;
    std::int64_t sum_ = 0;
    std::int64_t total_ = 0;
};

std::string span_of(std::int64_t after, std::int64_t last) {
    return "rows " + std::to_string(after + 1) + " to " + std::to_string(last);
}

std::string complaint(const DigestLine& kept, std::int64_t after, const DigestLine& found) {
    std::ostringstream text;
    text << "the ledger is not what it was on " << kept.day << ": of " << span_of(after, kept.last)
         << " there were " << kept.rows << " with a sum of " << kept.sum << ", and now are "
         << found.rows << " with a sum of " << found.sum;
    if (kept.rows == found.rows && kept.sum == found.sum) text << "; one of them was changed";
    return text.str();
}

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

bool is_day(std::string_view text) {
    return text.size() == 10 && text[4] == '-' && text[7] == '-' &&
           text.find_first_not_of("0123456789-") == std::string_view::npos;
}

std::optional<DigestLine> line_of(const std::vector<std::string>& words) {
    if (words.size() != 6 || !is_day(words[0]) || words[5].size() != hash_length)
        return std::nullopt;
    const auto last = number_in(words[1]);
    const auto rows = number_in(words[2]);
    const auto sum = number_in(words[3]);
    const auto total = number_in(words[4]);
    if (!last || !rows || !sum || !total) return std::nullopt;
    return DigestLine{words[0], *last, *rows, *sum, *total, words[5]};
}

std::vector<std::string> words_of(const std::string& line) {
    std::istringstream in(line);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    return words;
}

std::optional<std::vector<std::string>> words_of(const boost::json::value& value) {
    const auto* object = value.if_object();
    if (object == nullptr) return std::nullopt;
    std::vector<std::string> words;
    for (const auto* name : {"day", "last", "rows", "sum", "total", "sha256"}) {
        const auto* member = object->if_contains(name);
        if (member == nullptr) return std::nullopt;
        const auto* text = member->if_string();
        words.push_back(text != nullptr ? std::string(*text) : boost::json::serialize(*member));
    }
    return words;
}

Result<std::vector<DigestLine>> parse_json(std::string_view text) {
    boost::system::error_code error;
    const auto document = boost::json::parse({text.data(), text.size()}, error);
    if (error || !document.is_array()) return Problem{"it is no JSON of `admin ledger digest`"};
    std::vector<DigestLine> lines;
    for (const auto& value : document.get_array()) {
        const auto words = words_of(value);
        const auto line = words ? line_of(*words) : std::nullopt;
        if (!line) return Problem{"it is no JSON of `admin ledger digest`"};
        lines.push_back(*line);
    }
    return lines;
}

Result<std::vector<DigestLine>> parse_table(std::string_view text) {
    std::istringstream in{std::string(text)};
    std::vector<DigestLine> lines;
    int number = 0;
    for (std::string words; std::getline(in, words);) {
        ++number;
        // Headings, and lines that somebody has put around them.
        if (!is_day(std::string_view(words).substr(0, 10))) continue;
        const auto line = line_of(words_of(words));
        if (!line)
            return Problem{"line " + std::to_string(number) +
                           " is not one of `admin ledger digest`"};
        lines.push_back(*line);
    }
    return lines;
}

}  // namespace

Async<std::vector<DigestLine>> digest_of(std::reference_wrapper<OperatorStore> store) {
    const auto end = co_await store.get().ledger_end();
    std::vector<DigestLine> lines;
    Chain chain;
    std::int64_t after = 0;
    for (;;) {
        const auto rows = co_await store.get().ledger_rows(after, end, rows_at_once);
        if (rows.empty()) break;
        for (const auto& row : rows) {
            // A row that was begun before midnight and booked after it belongs to the new day.
            if (chain.last() && day_of(row.created_at) > day_of(chain.last()->created_at))
                lines.push_back(chain.cut());
            chain.add(row);
        }
        after = rows.back().id;
    }
    if (chain.last()) lines.push_back(chain.cut());
    co_return lines;
}

Async<std::optional<std::string>> difference_from(std::reference_wrapper<OperatorStore> store,
                                                  std::vector<DigestLine> kept) {
    Chain chain;
    std::int64_t after = 0;
    for (const auto& line : kept) {
        const auto first = after;
        for (;;) {
            const auto rows = co_await store.get().ledger_rows(after, line.last, rows_at_once);
            if (rows.empty()) break;
            for (const auto& row : rows) chain.add(row);
            after = rows.back().id;
        }
        after = line.last;
        const auto found = chain.cut();
        if (found.hash != line.hash || found.rows != line.rows || found.sum != line.sum ||
            found.total != line.total)
            co_return complaint(line, first, found);
    }
    co_return std::nullopt;
}

Result<std::vector<DigestLine>> parse_digest(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    auto lines = begin != std::string_view::npos && text[begin] == '[' ? parse_json(text)
                                                                       : parse_table(text);
    if (!lines) return lines;
    if (lines->empty()) return Problem{"there is no line of `admin ledger digest` in it"};
    std::int64_t last = 0;
    for (const auto& line : *lines) {
        if (line.last <= last) return Problem{"its rows do not go up"};
        last = line.last;
    }
    return lines;
}

}  // namespace mlbilling
