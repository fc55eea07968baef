#pragma once

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "sandbox/sandbox.hpp"
#include "support/http_client.hpp"
#include "support/run.hpp"
#include "support/seeded_random.hpp"
#include "support/virtual_clock.hpp"

namespace mlbilling::test {

namespace json = boost::json;
using std::chrono::seconds;
using testing::HasSubstr;

/// The sandbox behind a real socket, on virtual time.
class SandboxFixture : public testing::Test {
  protected:
    void SetUp() override { start({}); }
    void TearDown() override { stop(); }

    void start(sandbox::Sandbox::Options options) {
        server.emplace(loop.get_executor(), clock, random, std::move(options));
        server->start();
    }
    void stop() {
        if (!server) return;
        run(loop, server->stop());
        server.reset();
        clock.drain();
    }

    std::string text(const std::string& method, const std::string& target,
                     const std::string& body = "",
                     std::map<std::string, std::string> headers = {}) {
        if (!body.empty()) headers.emplace("Content-Type", "application/json");
        return request_text(server->port(), method, target, body, std::move(headers));
    }
    Reply ask(const std::string& method, const std::string& target, const std::string& body = "",
              std::map<std::string, std::string> headers = {}) {
        return run(loop,
                   exchange(&loop, server->port(), text(method, target, body, std::move(headers))));
    }
    json::value control(const std::string& method, const std::string& route,
                        const std::string& body = "") {
        const auto reply = ask(method, "/sandbox/api/" + route, body);
        EXPECT_EQ(reply.status, 200) << route << ": " << reply.body;
        return reply.status == 200 ? json::parse(reply.body) : json::value();
    }
    Reply bot(const std::string& method, const std::string& body = "{}") {
        return ask("POST", "/bot42:secret/" + method, body);
    }
    json::value result(const Reply& reply) {
        EXPECT_EQ(reply.status, 200) << reply.body;
        return reply.status == 200 ? json::parse(reply.body).at("result") : json::value();
    }
    static std::string description(const Reply& reply) {
        return std::string(json::parse(reply.body).at("description").as_string());
    }
    static std::string control_error(const Reply& reply) {
        return std::string(json::parse(reply.body).at("error").as_string());
    }

    std::unique_ptr<Pending<Reply>> begin(const std::string& method, const std::string& target) {
        auto pending = std::make_unique<Pending<Reply>>(
            loop, exchange(&loop, server->port(), text(method, target)));
        // Requests are taken in turn: when this one is answered, the one before it is being worked
        // on.
        for (int turn = 0; turn < 2; ++turn) control("GET", "users");
        return pending;
    }
    Reply finish(Pending<Reply>& pending) {
        while (!pending.done()) {
            loop.restart();
            if (loop.run_one_for(seconds(20)) == 0) {
                ADD_FAILURE() << "the call did not end";
                return {};
            }
        }
        return pending.value();
    }
    /// A form with one file.
    Reply upload(const std::string& method, const std::string& chat, const std::string& field,
                 const std::string& bytes, const std::string& caption = "") {
        const auto form = "--B\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n" + chat +
                          "\r\n--B\r\nContent-Disposition: form-data; name=\"caption\"\r\n\r\n" +
                          caption + "\r\n--B\r\nContent-Disposition: form-data; name=\"" + field +
                          "\"; filename=\"voice.ogg\"\r\nContent-Type: audio/ogg\r\n\r\n" + bytes +
                          "\r\n--B--\r\n";
        return ask("POST", "/bot42:secret/" + method, form,
                   {{"Content-Type", "multipart/form-data; boundary=B"}});
    }

    boost::asio::io_context loop;
    VirtualClock clock{loop};
    SeededRandom random{3};
    std::optional<sandbox::Sandbox> server;
};

}  // namespace mlbilling::test
