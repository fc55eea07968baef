#pragma once

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <map>
#include <string>

#include "sandbox/methods.hpp"
#include "sandbox/user_actions.hpp"
#include "support/seeded_random.hpp"

namespace mlbilling::sandbox {

inline constexpr std::int64_t anna = 1001;
inline constexpr std::int64_t boris = 1002;
inline constexpr std::int64_t test_bot = 42;

/// The sandbox's state and a bot that calls its methods, without sockets or coroutines.
class BotFixture : public testing::Test {
  protected:
    using Values = std::map<std::string, std::string>;

    Answer call(const std::string& method, Values values) {
        return call(method, Parameters(std::move(values)));
    }
    Answer call(const std::string& method, Parameters parameters, std::int64_t bot = test_bot) {
        const auto known = method_named(method);
        if (known == nullptr) return failure(404, "no such method in this test");
        return known(state, {bot, now, std::move(parameters)});
    }

    /// The result of a call that must succeed.
    boost::json::value result(const Answer& answer) {
        EXPECT_EQ(answer.status, 200) << answer.body;
        const auto body = boost::json::parse(answer.body).as_object();
        return answer.status == 200 ? body.at("result") : nullptr;
    }
    boost::json::object result(const std::string& method, Values values) {
        const auto value = result(call(method, std::move(values)));
        return value.is_object() ? value.get_object() : boost::json::object();
    }

    static std::string error(const Answer& answer) {
        const auto body = boost::json::parse(answer.body).as_object();
        if (body.at("ok").as_bool()) return "no error";
        EXPECT_EQ(body.at("error_code").as_int64(), answer.status);
        return std::string(body.at("description").as_string());
    }
    std::string error(const std::string& method, Values values) {
        return error(call(method, std::move(values)));
    }

    /// A file as an upload under the field.
    static Parameters upload(Values values, const std::string& field, UploadedFile file) {
        Parameters parameters(std::move(values));
        parameters.add_file(field, std::move(file));
        return parameters;
    }

    Message say(const std::string& text, std::int64_t person = anna) {
        TextFromUser message;
        message.chat = person;
        message.from = person;
        message.text = text;
        const auto posted = post_text(state, message, now);
        EXPECT_TRUE(posted.ok());
        return posted.ok() ? *posted : Message();
    }

    test::SeededRandom random{1};
    State state{random};
    Time now{Duration(1'800'000'000'000)};
};

}  // namespace mlbilling::sandbox
