// What a broker sends: frames, methods, headers and bodies.
#include <algorithm>
#include <cstring>

#include "adapters/rabbitmq/content.hpp"
#include "adapters/rabbitmq/frame_reader.hpp"
#include "adapters/rabbitmq/method.hpp"
#include "adapters/rabbitmq/properties.hpp"
#include "fuzz/fuzz_target.hpp"

using namespace mlbilling;

namespace {

void read_frames(std::string_view bytes) {
    rabbitmq::FrameReader frames;
    rabbitmq::MethodReader methods;
    rabbitmq::ContentAssembly content;
    while (!bytes.empty()) {
        const auto room = frames.space();
        const auto taken = std::min({room.size(), bytes.size(), std::size_t{4096}});
        std::memcpy(room.data(), bytes.data(), taken);
        frames.filled(taken);
        bytes.remove_prefix(taken);
        while (const auto frame = frames.next()) {
            if (frame->type == 1) static_cast<void>(rabbitmq::keep(methods.method(frame->payload)));
            if (frame->type == 2) {
                content.begin(rabbitmq::Delivery{});
                const auto header = methods.header(frame->payload);
                content.header(header.body_size, header.properties);
            }
            if (frame->type == 3) content.body(frame->payload);
            static_cast<void>(content.take());
        }
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        read_frames(fuzz::bytes_of(data, size));
    } catch (const rabbitmq::BadData&) {
        // Announced: the connection ends.
    }
    return 0;
}
