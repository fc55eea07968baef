// What speech providers answer: the streams of SpeechKit v3, base64, errors of OpenAI's servers,
// and what S3 lists.
#include <boost/json.hpp>

#include "adapters/openai/failures.hpp"
#include "adapters/s3/listing.hpp"
#include "adapters/yandex/base64.hpp"
#include "adapters/yandex/failures.hpp"
#include "adapters/yandex/json_stream.hpp"
#include "adapters/yandex/transcript.hpp"
#include "fuzz/fuzz_target.hpp"

using namespace mlbilling;

namespace {

void read_stream(std::string_view text) {
    yandex::JsonStream stream(text);
    yandex::TranscriptAssembly transcript;
    while (const auto message = stream.next()) {
        if (const auto* result = yandex::object_in(*message, "result")) {
            transcript.add(*result);
            if (const auto* chunk = yandex::object_in(*result, "audioChunk"))
                static_cast<void>(yandex::from_base64(yandex::text_in(*chunk, "data")));
        }
        if (const auto* error = yandex::object_in(*message, "error"))
            static_cast<void>(yandex::integer_in(*error, "grpcCode"));
    }
    static_cast<void>(transcript.text());
    if (stream.intact()) static_cast<void>(yandex::parse_object(text));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::bytes_of(data, size);
    read_stream(text);
    HttpAnswer answer;
    answer.status = size > 0 ? 400 + data[0] % 200 : 500;
    answer.body = text;
    answer.headers.emplace_back("retry-after", std::string(text.substr(0, 32)));
    static_cast<void>(openai::failure_of(answer, Time(Duration(1'700'000'000'000))));
    static_cast<void>(openai::refuses_format(answer));
    static_cast<void>(s3::read_listing(text));
    static_cast<void>(s3::read_error_code(text));
    static_cast<void>(s3::read_timestamp(text));
    return 0;
}
