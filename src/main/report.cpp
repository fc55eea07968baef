#include "main/report.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/check.hpp"
#include "domain/text.hpp"

namespace mlbilling {
namespace {

/// A SHA-256 in hex has room.
constexpr std::size_t widest_cell = 64;

std::string as_text(const boost::json::value& value) {
    if (value.is_null()) return "-";
    if (value.is_string()) return shortened(normalised(value.as_string().c_str()), widest_cell);
    return boost::json::serialize(value);
}

bool is_number(const boost::json::value& value) { return value.is_int64() || value.is_uint64(); }

std::string padded(const std::string& text, std::size_t width, bool right) {
    const auto length = count_code_points(text);
    const std::string blanks(width > length ? width - length : 0, ' ');
    return right ? blanks + text : text + blanks;
}

}  // namespace

boost::json::value Report::cell(std::string_view text) {
    return boost::json::value(boost::json::string(text));
}

void Report::add_row(std::vector<boost::json::value> row) {
    CHECK(row.size() == columns_.size());
    rows_.push_back(std::move(row));
}

boost::json::object Report::as_object(const std::vector<boost::json::value>& row) const {
    boost::json::object object;
    for (std::size_t i = 0; i < columns_.size(); ++i) object[columns_[i]] = row[i];
    return object;
}

void Report::print(std::ostream& out, bool json) const {
    if (json) {
        boost::json::array array;
        for (const auto& row : rows_) array.push_back(as_object(row));
        out << boost::json::serialize(array) << '\n';
        return;
    }
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        widths.push_back(columns_[i].size());
        for (const auto& row : rows_)
            widths[i] = std::max(widths[i], count_code_points(as_text(row[i])));
    }
    for (std::size_t i = 0; i < columns_.size(); ++i)
        out << padded(columns_[i], widths[i], !rows_.empty() && is_number(rows_[0][i])) << "  ";
    out << '\n';
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i < columns_.size(); ++i)
            out << padded(as_text(row[i]), widths[i], is_number(row[i])) << "  ";
        out << '\n';
    }
    if (rows_.empty()) out << "(none)\n";
}

void Report::print_single(std::ostream& out, bool json) const {
    CHECK(rows_.size() == 1);
    if (json) {
        out << boost::json::serialize(as_object(rows_[0])) << '\n';
        return;
    }
    std::size_t width = 0;
    for (const auto& column : columns_) width = std::max(width, column.size());
    for (std::size_t i = 0; i < columns_.size(); ++i)
        out << padded(columns_[i], width, false) << "  " << as_text(rows_[0][i]) << '\n';
}

}  // namespace mlbilling
