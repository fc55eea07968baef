#include "texts/plural.hpp"

#include <gtest/gtest.h>

#include <set>

namespace mlbilling {
namespace {

/// Written out by hand from the grammar, not from the code: which of 0..125 take which form.
const std::set<int> one = {1, 21, 31, 41, 51, 61, 71, 81, 91, 101, 121};
const std::set<int> few = {2,  3,  4,  22, 23, 24, 32, 33, 34, 42, 43,  44,  52,  53,  54,  62, 63,
                           64, 72, 73, 74, 82, 83, 84, 92, 93, 94, 102, 103, 104, 122, 123, 124};

std::string expected(int count, const char* for_one, const char* for_few, const char* for_many) {
    const auto* form = one.contains(count) ? for_one : few.contains(count) ? for_few : for_many;
    return std::to_string(count) + " " + form;
}

TEST(Plural, RussianIsRightFrom0To125) {
    for (int n = 0; n <= 125; ++n) {
        EXPECT_EQ(counted(Language::russian, Noun::credit, n),
                  expected(n, "кредит", "кредита", "кредитов"));
        EXPECT_EQ(counted(Language::russian, Noun::character, n),
                  expected(n, "знак", "знака", "знаков"));
        EXPECT_EQ(counted(Language::russian, Noun::second, n),
                  expected(n, "секунда", "секунды", "секунд"));
        EXPECT_EQ(counted(Language::russian, Noun::minute, n),
                  expected(n, "минута", "минуты", "минут"));
    }
}

TEST(Plural, EnglishIsRightFrom0To125) {
    for (int n = 0; n <= 125; ++n) {
        const auto digits = std::to_string(n);
        const std::string ending = n == 1 ? "" : "s";
        EXPECT_EQ(counted(Language::english, Noun::credit, n), digits + " credit" + ending);
        EXPECT_EQ(counted(Language::english, Noun::character, n), digits + " character" + ending);
        EXPECT_EQ(counted(Language::english, Noun::second, n), digits + " second" + ending);
        EXPECT_EQ(counted(Language::english, Noun::minute, n), digits + " minute" + ending);
    }
}

TEST(Plural, HundredsAndNegativeNumbersFollowTheirLastDigits) {
    EXPECT_EQ(counted(Language::russian, Noun::credit, 211), "211 кредитов");
    EXPECT_EQ(counted(Language::russian, Noun::credit, 1001), "1001 кредит");
    EXPECT_EQ(counted(Language::russian, Noun::credit, -2), "−2 кредита");
    EXPECT_EQ(counted(Language::english, Credits(-1)), "−1 credit");
}

TEST(Number, LongNumbersAreGrouped) {
    EXPECT_EQ(number(Language::russian, 9999), "9999");
    EXPECT_EQ(number(Language::russian, 100'000), "100\u00a0000");
    EXPECT_EQ(number(Language::english, 1'234'567), "1,234,567");
    EXPECT_EQ(number(Language::english, -12'345), "−12,345");
    EXPECT_EQ(number(Language::english, INT64_MIN), "−9,223,372,036,854,775,808");
}

TEST(Number, ASignedNumberAlwaysShowsItsSign) {
    EXPECT_EQ(signed_number(Language::russian, 20), "+20");
    EXPECT_EQ(signed_number(Language::russian, -2), "−2");
    EXPECT_EQ(signed_number(Language::russian, 0), "0");
}

TEST(ClockTime, CountsStartedSeconds) {
    EXPECT_EQ(clock_time(Duration(0)), "0:00");
    EXPECT_EQ(clock_time(Duration(1)), "0:01");
    EXPECT_EQ(clock_time(Duration(83'000)), "1:23");
    EXPECT_EQ(clock_time(Duration(82'001)), "1:23");
    EXPECT_EQ(clock_time(Duration(3'723'000)), "1:02:03");
    EXPECT_EQ(clock_time(Duration(-5)), "0:00");
}

TEST(RoughTime, IsSecondsBelowAMinuteAndMinutesAbove) {
    EXPECT_EQ(rough_time(Language::russian, Duration(40'000)), "40 секунд");
    EXPECT_EQ(rough_time(Language::russian, Duration(59'999)), "59 секунд");
    EXPECT_EQ(rough_time(Language::russian, Duration(60'000)), "1 минута");
    EXPECT_EQ(rough_time(Language::english, Duration(185'000)), "3 minutes");
}

}  // namespace
}  // namespace mlbilling
