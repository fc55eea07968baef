#include "adapters/audio/ffmpeg_decoder.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "adapters/audio/container.hpp"
#include "adapters/audio/stated_rate.hpp"
#include "base/unavailable.hpp"
#include "domain/silence.hpp"
#include "ports/until.hpp"

namespace mlbilling::audio {

namespace asio = boost::asio;

namespace {

/// Of one recording, however many tracks and channels it has.
constexpr std::size_t most_runs = 6;

bool can_be_heard(const FfmpegDecoder::Decoded& decoded) {
    const auto* sound = std::get_if<Sound>(&decoded);
    return sound != nullptr && !is_silent(sound->samples, sound->sample_rate);
}

/// Longer than the limit is longer than the limit, whatever else the file holds.
bool is_settled(const FfmpegDecoder::Decoded& decoded) {
    const auto* why = std::get_if<UnusableAudio>(&decoded);
    return can_be_heard(decoded) || (why != nullptr && *why == UnusableAudio::too_long);
}

bool has_absurd_rate(const std::vector<AudioTrack>& tracks, const Hearing& hearing) {
    const auto track = static_cast<std::size_t>(hearing.track);
    return track < tracks.size() && tracks[track].rate > 0 && is_absurd_rate(tracks[track].rate);
}

bool is_first_track(const Hearing& hearing) {
    return hearing.track == 0 && hearing.channel == Hearing::all_channels;
}

}  // namespace

std::vector<Hearing> hearings_of(const std::vector<AudioTrack>& tracks) {
    std::vector<int> order;
    for (const bool by_default : {true, false})
        for (int i = 0; i < static_cast<int>(tracks.size()); ++i)
            if (tracks[static_cast<std::size_t>(i)].is_default == by_default) order.push_back(i);
    std::vector<Hearing> hearings;
    for (const int track : order) {
        hearings.push_back({track, Hearing::all_channels});
        const int channels = tracks[static_cast<std::size_t>(track)].channels;
        // Where two cancel each other out, they are equally loud: the first does for both.
        if (channels > 1) hearings.push_back({track, 0});
    }
    if (hearings.empty()) hearings.emplace_back();
    hearings.resize(std::min(hearings.size(), most_runs));
    return hearings;
}

FfmpegDecoder::FfmpegDecoder(child_process::ChildProcesses& children, Options options)
    : children_(children), options_(std::move(options)), memory_(options_.memory) {}

Async<std::shared_ptr<MemoryBudget::Share>> FfmpegDecoder::reserve(std::size_t bytes) {
    Event late;
    asio::steady_timer timer(co_await asio::this_coro::executor, options_.longest_wait);
    timer.async_wait([late](boost::system::error_code error) mutable {
        if (!error) late.set();
    });
    auto share = co_await until(late, memory_.reserve(std::min(bytes, options_.memory)));
    if (!share) throw Unavailable("the decoding of others left no memory for too long");
    co_return std::make_shared<MemoryBudget::Share>(*std::move(share));
}

Async<FfmpegDecoder::Run> FfmpegDecoder::run(File file, Duration longest, Hearing hearing) {
    const auto container = container_of(*file);
    auto command = ffmpeg_command(options_.program, container.demuxer,
                                  file->substr(container.begins_at), longest, hearing);
    const auto result = co_await children_.run(std::move(command));
    Run run{read_ffmpeg(result, longest), tracks_in(result.diagnostics)};
    if (has_absurd_rate(run.tracks, hearing)) run.decoded = UnusableAudio::damaged;
    co_return run;
}

Async<FfmpegDecoder::Decoded> FfmpegDecoder::decode(File file, Duration longest) {
    const auto container = container_of(*file);
    const auto sound = std::string_view(*file).substr(container.begins_at);
    const auto rate = stated_rate(sound, container.demuxer);
    if (rate && is_absurd_rate(*rate)) co_return UnusableAudio::damaged;
    const auto room = co_await reserve(ffmpeg_memory + file->size());
    // Nearly always the one that is meant.
    auto first = co_await run(file, longest, Hearing{});
    const auto hearings = hearings_of(first.tracks);
    const bool is_meant = is_first_track(hearings.front());
    auto decoded = std::move(first.decoded);
    for (const auto& hearing : hearings) {
        const bool is_known = is_meant && is_first_track(hearing);
        const bool is_part = hearing.channel != Hearing::all_channels;
        // What cannot be read as a whole has no channel that can.
        if (is_part && !std::holds_alternative<Sound>(decoded)) continue;
        if (!is_known) {
            // There is room for one sound at a time.
            decoded = UnusableAudio::damaged;
            auto next = co_await run(file, longest, hearing);
            decoded = std::move(next.decoded);
        }
        if (is_settled(decoded)) break;
    }
    co_return decoded;
}

}  // namespace mlbilling::audio
