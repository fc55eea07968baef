#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace mlbilling {

/// Rows of named values, printed as an aligned table for people or as a JSON array for programs.
class Report {
  public:
    explicit Report(std::vector<std::string> columns) : columns_(std::move(columns)) {}

    /// One value for each column.
    template <class... Cells>
    void add(const Cells&... cells) {
        add_row({cell(cells)...});
    }
    bool empty() const { return rows_.empty(); }

    void print(std::ostream& out, bool json) const;
    /// One row only: a line for each column, or one JSON object.
    void print_single(std::ostream& out, bool json) const;

  private:
    static boost::json::value cell(std::string_view text);
    static boost::json::value cell(const char* text) { return cell(std::string_view(text)); }
    static boost::json::value cell(const std::string& text) { return cell(std::string_view(text)); }
    static boost::json::value cell(std::int64_t number) { return number; }
    static boost::json::value cell(int number) { return number; }
    static boost::json::value cell(const boost::json::value& value) { return value; }

    void add_row(std::vector<boost::json::value> row);
    boost::json::object as_object(const std::vector<boost::json::value>& row) const;

    std::vector<std::string> columns_;
    std::vector<std::vector<boost::json::value>> rows_;
};

}  // namespace mlbilling
