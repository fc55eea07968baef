#include "stack/scripted_texts.hpp"

#include <array>
#include <string_view>

namespace mlbilling::bench {
namespace {

constexpr std::size_t choices = 16;
using Choices = std::array<std::string_view, choices>;

constexpr std::array<Choices, 8> parts{{
    {"My sister", "The neighbour", "Our teacher", "An old friend", "The new manager",
     "Somebody from the office", "The driver", "My grandmother", "The landlord", "A colleague",
     "The doctor", "Her brother", "The postman", "One of the guests", "The editor", "A student"},
    {" called this morning to say that", " wrote in the letter that", " told me at lunch that",
     " still believes that", " keeps saying that", " mentioned on the phone that",
     " warned us twice that", " has heard from the others that", " announced yesterday that",
     " explained to the children that", " admitted at last that", " promised me that",
     " found out by chance that", " read in the paper that", " is quite sure that",
     " was surprised to hear that"},
    {" the train from the coast", " the meeting about the budget", " the concert in the park",
     " the parcel with the books", " the lesson on Thursday", " the boat to the island",
     " the repair of the roof", " the dinner at the harbour", " the visit to the museum",
     " the flight over the mountains", " the market by the river", " the film about the sea",
     " the course for beginners", " the delivery of the chairs", " the walk through the forest",
     " the talk about the stars"},
    {" will be an hour late.", " is going to be cancelled.", " begins earlier than usual.",
     " was better than anybody expected.", " costs much less this year.",
     " has been moved to the spring.", " takes place in spite of the rain.",
     " must wait until the weekend.", " is open to everybody now.", " was sold out in minutes.",
     " needs two more volunteers.", " ended with a surprise.", " is worth the long way.",
     " will not happen before Monday.", " turned out to be quite short.",
     " is the best of the whole season."},
    {" Please bring", " Do not forget", " We still need", " Nobody has seen", " I have packed",
     " They asked for", " Let us buy", " She left behind", " He is looking for", " You may keep",
     " Everybody liked", " I cannot find", " We should return", " Somebody took",
     " The children want", " It is time to order"},
    {" the blue umbrella", " a loaf of bread", " the spare keys", " the yellow folder",
     " some fresh apples", " the small ladder", " a warm blanket", " the tickets", " the guitar",
     " a jar of honey", " the garden chairs", " the winter coat", " a box of candles",
     " the photographs", " the wooden spoon", " a map of the valley"},
    {" from the kitchen", " for the evening", " before it gets dark", " on the way home",
     " when you come over", " as soon as possible", " for the people upstairs",
     " at the corner shop", " from the car", " in the hall", " after breakfast",
     " next to the window", " behind the door", " without telling anyone",
     " for the birthday party", " by the end of the week"},
    {", and give my love to the family.", ", if it is not too much trouble.",
     ", because the shop closes early.", ", since I shall be out all day.",
     ", and tell me how it went.", ", even if it is raining.", ", then everything is ready.",
     ", so that we can start at once.", ", just as we agreed.", ", and thank you for everything.",
     ", unless you hear otherwise.", ", although it is rather heavy.",
     ", and leave a note on the table.", ", as I have promised it to Anna.",
     ", and do not worry about the rest.", ", the sooner the better."},
}};

}  // namespace

std::string text_of(std::uint32_t number) {
    // Odd, so that no two numbers become the same one; neighbours share no words.
    std::uint32_t rest = number * 2'654'435'761U;
    std::string text;
    for (const auto& part : parts) {
        text += part.at(rest % choices);
        rest /= choices;
    }
    return text;
}

}  // namespace mlbilling::bench
