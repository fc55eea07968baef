// The one translation unit that includes Beast: its headers cost ten seconds of compilation.
#include "adapters/http_server/request_head.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <limits>
#include <utility>

#include "adapters/http_server/request_target.hpp"
#include "base/check.hpp"

namespace mlbilling {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    return lower;
}

}  // namespace

// Beast keeps the values of fields in elements of its own, which hold 64 KB and throw beyond; and
// it bounds what is left of a head, not the whole. Here it only recognises the parts.
class RequestHead::Parser final : public http::basic_parser<true> {
  public:
    Parser() {
        header_limit(std::numeric_limits<std::uint32_t>::max());
        body_limit(boost::none);
    }

    HttpRequest request;
    int version = 11;
    int hosts = 0;
    int lengths = 0;
    std::optional<std::string> coding;

  private:
    void on_request_impl(http::verb, beast::string_view method, beast::string_view target,
                         int http_version, beast::error_code&) override {
        request.method = view(method);
        request.target = view(target);
        version = http_version;
    }
    void on_field_impl(http::field field, beast::string_view name, beast::string_view value,
                       beast::error_code&) override {
        auto& known = request.headers[lower_case(view(name))];
        if (!known.empty()) known += ", ";
        known += view(value);
        if (field == http::field::host) ++hosts;
        if (field == http::field::content_length) ++lengths;
        if (field != http::field::transfer_encoding) return;
        coding = coding ? *coding + "," : std::string();
        *coding += lower_case(view(value));
    }
    void on_header_impl(beast::error_code&) override {}
    void on_finish_impl(beast::error_code&) override {}
    // Requests and heads only.
    void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
    std::size_t on_body_impl(beast::string_view, beast::error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view, beast::error_code&) override {
        return 0;
    }
};

RequestHead::RequestHead(std::size_t max_size)
    : parser_(std::make_unique<Parser>()), max_size_(max_size) {}
RequestHead::~RequestHead() = default;
RequestHead::RequestHead(RequestHead&&) noexcept = default;
RequestHead& RequestHead::operator=(RequestHead&&) noexcept = default;

int RequestHead::read(std::string_view& input) {
    while (!input.empty() && !parser_->is_header_done()) {
        const auto given = std::min(input.size(), max_size_ - size_);
        beast::error_code error;
        const auto taken = parser_->put({input.data(), given}, error);
        size_ += taken;
        input.remove_prefix(taken);
        if (error && error != http::error::need_more) return 400;
        if (parser_->is_header_done()) return judge();
        // All that may come has come, and it is not a head.
        if (given - taken == max_size_ - size_) return 431;
        if (error == http::error::need_more) return 0;
    }
    return 0;
}

// RFC 9112 3.2 and 6.1; RFC 9110 allows only chunked without having asked for more.
int RequestHead::judge() {
    auto& request = parser_->request;
    const bool modern = parser_->version >= 11;
    if (modern ? parser_->hosts != 1 : parser_->hosts > 1) return 400;
    if (parser_->coding) {
        if (!modern || parser_->lengths > 0) return 400;
        if (*parser_->coding != "chunked") return 501;
        if (!parser_->chunked()) return 400;
    }
    auto target = parse_target(request.target);
    if (!target) return 400;
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    return 0;
}

bool RequestHead::is_whole() const { return parser_->is_header_done(); }

HttpRequest RequestHead::take() {
    CHECK(is_whole());
    return std::move(parser_->request);
}

RequestHead::Body RequestHead::body() const {
    return {parser_->coding.has_value(), parser_->content_length().value_or(0)};
}

bool RequestHead::keep_alive() const { return parser_->keep_alive(); }

bool RequestHead::waits_for_continue() const {
    return parser_->version >= 11 &&
           lower_case(parser_->request.header("expect")) == "100-continue";
}

std::size_t RequestHead::size() const { return size_; }

}  // namespace mlbilling
