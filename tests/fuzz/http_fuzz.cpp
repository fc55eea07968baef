// What comes on one connection: requests one after the other, in pieces of any size. In pieces and
// at once the same requests are read of the same bytes; when a fault is met may depend on the
// pieces.
#include <algorithm>
#include <string>
#include <vector>

#include "adapters/http_server/request_reader.hpp"
#include "fuzz/fuzz_target.hpp"

using namespace mlbilling;

namespace {

constexpr std::size_t max_head = 2'000;
constexpr std::size_t max_body = 1'000;

class Connection {
  public:
    /// Whether more may come.
    bool take(std::string_view bytes) {
        reader_.feed(bytes);
        for (;;) {
            switch (reader_.advance()) {
                case RequestReader::Progress::more:
                    CHECK(reader_.body_size() <= max_body);
                    return true;
                case RequestReader::Progress::head: reader_.take_body(max_body); break;
                case RequestReader::Progress::complete: tell(reader_.take()); break;
                case RequestReader::Progress::refused:
                    CHECK(reader_.refusal() >= 400);
                    return false;
            }
        }
    }

    std::vector<std::string> seen;

  private:
    void tell(const HttpRequest& request) {
        CHECK(request.body.size() <= max_body);
        std::string text = request.method + " " + request.target + " " + request.body;
        for (const auto& [name, value] : request.headers) text += "\n" + name + ": " + value;
        seen.push_back(std::move(text));
    }

    RequestReader reader_{max_head};
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    // The first byte says how large the pieces are.
    const std::size_t piece = data[0] == 0 ? 1 : data[0];
    const auto all = fuzz::bytes_of(data + 1, size - 1);
    Connection at_once;
    at_once.take(all);
    Connection in_pieces;
    for (auto rest = all; !rest.empty(); rest.remove_prefix(std::min(piece, rest.size())))
        if (!in_pieces.take(rest.substr(0, piece))) break;
    CHECK(at_once.seen == in_pieces.seen);
    return 0;
}
