#include "base/outage_log.hpp"

#include <gmock/gmock.h>

namespace mlbilling::log {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(OutageLog, WarnsOnceUntilTheOutageIsOver) {
    configure(Level::debug, Format::text);
    OutageLog outage("it waits");
    const auto told = [&] {
        testing::internal::CaptureStderr();
        outage.tell("refused");
        return testing::internal::GetCapturedStderr();
    };
    EXPECT_THAT(told(), AllOf(HasSubstr("warning"), HasSubstr("it waits"), HasSubstr("refused")));
    EXPECT_THAT(told(), AllOf(HasSubstr("debug"), HasSubstr("refused")));
    outage.over();
    EXPECT_THAT(told(), HasSubstr("warning"));
}

}  // namespace
}  // namespace mlbilling::log
