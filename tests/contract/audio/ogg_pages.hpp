#pragma once

#include <rapidcheck.h>

#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/audio/ogg_page.hpp"
#include "adapters/audio/opus_writer.hpp"
#include "contract/audio/recordings.hpp"

namespace mlbilling::audio {

inline work_threads::Stop never() {
    return {std::make_shared<std::atomic<bool>>(false), std::make_shared<std::atomic<bool>>(false)};
}

inline std::string voice_of(Duration length) {
    return write_opus(test::tone(length), never()).ogg_opus;
}

/// The pages of a file, with bodies of their own.
struct Pages {
    explicit Pages(const std::string& file) {
        std::string_view rest = file;
        while (auto page = take_page(rest)) {
            bodies.push_back(std::string(page->body));
            pages.push_back(*std::move(page));
        }
    }
    std::string file() {
        std::string file;
        for (std::size_t i = 0; i < pages.size(); ++i) {
            pages[i].body = bodies[i];
            append_page(file, pages[i]);
        }
        return file;
    }

    std::vector<OggPage> pages;
    std::deque<std::string> bodies;
};

/// The file with one to four lies in it; its checksums are right. Only within a property.
inline std::string changed_at_random(const std::string& file) {
    Pages pages(file);
    const auto changes = *rc::gen::inRange(1, 5);
    for (int i = 0; i < changes; ++i) {
        const auto at = *rc::gen::inRange<std::size_t>(0, pages.pages.size());
        auto& page = pages.pages[at];
        auto& body = pages.bodies[at];
        switch (*rc::gen::inRange(0, 8)) {
            case 0: page.granule_position = *rc::gen::arbitrary<std::int64_t>(); break;
            case 1: page.last_of_stream = !page.last_of_stream; break;
            case 2: page.continues = !page.continues; break;
            case 3: page.sequence = *rc::gen::inRange<std::uint32_t>(0, 5); break;
            case 4:
                if (!body.empty())
                    body[*rc::gen::inRange<std::size_t>(0, body.size())] =
                        *rc::gen::arbitrary<char>();
                break;
            case 5:
                // The same bytes, cut up otherwise.
                if (page.lacing.size() > 1) std::swap(page.lacing.front(), page.lacing.back());
                break;
            case 6: page.granule_position += *rc::gen::inRange(-3'000, 3'000); break;
            default: page.first_of_stream = !page.first_of_stream; break;
        }
    }
    return pages.file();
}

}  // namespace mlbilling::audio
