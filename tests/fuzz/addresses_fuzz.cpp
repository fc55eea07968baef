// Every address that the configuration or a request line may hold. No problem repeats what it
// complains about, which may be a secret.
#include "adapters/http_server/request_target.hpp"
#include "adapters/postgres/target.hpp"
#include "adapters/rabbitmq/address.hpp"
#include "adapters/s3/s3_options.hpp"
#include "adapters/telegram/file_path.hpp"
#include "fuzz/fuzz_target.hpp"
#include "main/addresses.hpp"
#include "main/config_reader.hpp"

using namespace mlbilling;

namespace {

constexpr std::string_view secret = "zq7PASSWORDqz";

template <class Outcome>
void keeps_the_secret(const Outcome& outcome) {
    if (!outcome) CHECK(outcome.error().message.find(secret) == std::string::npos);
}

void read_web_address(const std::string& text) {
    const Environment environment{{"ADDRESS", text}};
    ConfigReader reader(environment);
    std::string address;
    reader.web_address("ADDRESS", address);
    if (reader.problem()) CHECK(reader.problem()->message.find(secret) == std::string::npos);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::bytes_of(data, size);
    static_cast<void>(mlbilling::parse_target(text));
    static_cast<void>(parse_form(text));
    static_cast<void>(telegram::is_safe_file_path(text));
    if (const auto addresses = rabbitmq::parse_addresses(text))
        for (const auto& address : *addresses) CHECK(!address.host.empty());
    keeps_the_secret(rabbitmq::parse_addresses(text));
    keeps_the_secret(s3::parse_s3_url(text));
    keeps_the_secret(parse_listen_address(text));
    keeps_the_secret(parse_proxy(text));
    keeps_the_secret(parse_sqlite_url(text));
    keeps_the_secret(parse_file_url(text));
    const std::string whole(text);
    keeps_the_secret(postgres::parse_target(whole));
    read_web_address(whole);
    return 0;
}
