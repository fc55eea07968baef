#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <string>
#include <utility>

#include "adapters/http_client/http_client.hpp"
#include "standin/bytes.hpp"
#include "standin/standin.hpp"
#include "standin/tones.hpp"
#include "support/run.hpp"
#include "support/seeded_random.hpp"
#include "support/virtual_clock.hpp"

namespace mlbilling::test {

namespace json = boost::json;

/// The stand-in and a client on one loop; its time is the test's.
class StandinTest : public ::testing::Test {
  protected:
    void TearDown() override { run(loop, standin.stop()); }

    HttpCall call_of(HttpMethod method, const std::string& target, std::string body = {}) const {
        HttpCall call;
        call.method = method;
        call.url = standin.url() + target;
        call.body = std::move(body);
        call.headers = {{"Authorization", "Api-Key standin-key"},
                        {"Content-Type", "application/json"}};
        call.largest_response = std::size_t{100} << 20U;
        return call;
    }
    HttpAnswer perform(HttpCall call) {
        auto answer = run(loop, client.perform(std::move(call)));
        EXPECT_TRUE(answer) << answer.error().detail;
        return answer ? *std::move(answer) : HttpAnswer();
    }
    HttpAnswer post(const std::string& target, std::string body) {
        return perform(call_of(HttpMethod::post, target, std::move(body)));
    }
    HttpAnswer get(const std::string& target) { return perform(call_of(HttpMethod::get, target)); }
    HttpAnswer speak(const json::value& request) {
        return post("/tts/v3/utteranceSynthesis", json::serialize(request));
    }
    void control(const std::string& route, const json::value& body) {
        EXPECT_EQ(post("/control/" + route, json::serialize(body)).status, 200) << route;
    }
    static std::string ogg(int milliseconds, bool silent = false) {
        static standin::Tones tones;
        return tones.ogg_opus({Duration(milliseconds), 1, silent});
    }
    /// The audio of all lines of a v3 stream.
    static std::string audio_in(const HttpAnswer& answer) {
        std::string audio;
        for (std::string_view rest = answer.body; !rest.empty();) {
            const auto line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(rest.size(), line.size() + 1));
            const auto value = json::parse(line);
            audio += *standin::from_base64(value.at_pointer("/result/audioChunk/data").as_string());
        }
        return audio;
    }
    static std::string message_in(const HttpAnswer& answer) {
        const auto body = json::parse(answer.body).as_object();
        if (body.contains("error_message"))
            return std::string(body.at("error_message").as_string());
        if (body.contains("error")) return std::string(body.at("error").at("message").as_string());
        return std::string(body.at("message").as_string());
    }

    boost::asio::io_context loop{1};
    VirtualClock clock{loop};
    SeededRandom random{5};
    standin::ProviderStandin standin{loop.get_executor(), clock, random, {}};
    HttpClient client{loop.get_executor(), {}};
};

}  // namespace mlbilling::test
