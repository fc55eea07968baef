#include <algorithm>
#include <fstream>
#include <iterator>

#include "console/ledger_digest.hpp"
#include "main/admin.hpp"
#include "main/report.hpp"

namespace mlbilling {
namespace {

/// Far more than a line for each day of a century.
constexpr std::size_t max_digest_file = std::size_t{16} << 20;

Result<std::vector<DigestLine>> read_digest(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return Problem{"cannot be read"};
    std::string text(max_digest_file + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad()) return Problem{"cannot be read"};
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > max_digest_file) return Problem{"is larger than 16 MiB"};
    return parse_digest(text);
}

}  // namespace

Async<int> Admin::verify_ledger(AdminRequest request) {
    const auto violations = co_await store_.verify();
    const auto sums = co_await store_.statistics();
    Report report({"invariant", "subject"});
    for (const auto& violation : violations) report.add(violation.invariant, violation.subject);
    if (request.json) {
        report.print(out_, true);
    } else if (violations.empty()) {
        out_ << "The books balance: " << sums.users << " users, " << sums.balance_total
             << " credits in balances, " << sums.held_total << " of them held.\n";
    } else {
        report.print(out_, false);
    }
    int code = 0;
    if (!violations.empty())
        code = fail(std::to_string(violations.size()) + " broken promises of the ledger");
    if (!request.path.empty()) code = std::max(code, co_await compare_digest(std::move(request)));
    co_return code;
}

Async<int> Admin::compare_digest(AdminRequest request) {
    auto kept = read_digest(request.path);
    if (!kept) co_return fail("--digest " + request.path + ": " + kept.error().message);
    const auto last = kept->back();
    const auto difference = co_await difference_from(store_, std::move(*kept));
    if (difference) co_return fail(*difference);
    if (!request.json)
        out_ << "Up to row " << last.last << " of " << last.day << " it is what " << request.path
             << " says.\n";
    co_return 0;
}

Async<int> Admin::digest_ledger(AdminRequest request) {
    Report report({"day", "last", "rows", "sum", "total", "sha256"});
    for (const auto& line : co_await digest_of(store_))
        report.add(line.day, line.last, line.rows, line.sum, line.total, line.hash);
    report.print(out_, request.json);
    co_return 0;
}

}  // namespace mlbilling
