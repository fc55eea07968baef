#include "sandbox/people.hpp"

#include "sandbox/text.hpp"

namespace mlbilling::sandbox {
namespace {

constexpr std::size_t most_people = 20'000;
constexpr std::size_t longest_name = 64;
constexpr std::int64_t first_id = 1001;
/// Ids have at most 52 significant bits (telegram.md 1.1).
constexpr std::int64_t largest_id = (std::int64_t{1} << 52) - 1;

}  // namespace

People::People() {
    people_[1001] = {1001, "Anna", "anna", "ru", false, false};
    people_[1002] = {1002, "Boris", "boris", "en", false, false};
    people_[1003] = {1003, "Clara", "clara", "ru", false, false};
}

Result<Person> People::add(Person person) {
    if (people_.size() >= most_people) return Problem{"there are too many users already"};
    if (person.first_name.empty()) return Problem{"first_name is missing"};
    if (utf16_length(person.first_name) > longest_name || person.username.size() > longest_name ||
        person.language_code.size() > longest_name) {
        return Problem{"a name or language_code is longer than 64 characters"};
    }
    if (person.id == 0) person.id = people_.empty() ? first_id : people_.rbegin()->first + 1;
    if (person.id < 1 || person.id > largest_id)
        return Problem{"id must be between 1 and 2^52 - 1"};
    if (people_.contains(person.id)) return Problem{"id is taken"};
    people_[person.id] = person;
    return person;
}

Person* People::find(std::int64_t id) {
    const auto found = people_.find(id);
    return found == people_.end() ? nullptr : &found->second;
}

const Person* People::find(std::int64_t id) const {
    const auto found = people_.find(id);
    return found == people_.end() ? nullptr : &found->second;
}

}  // namespace mlbilling::sandbox
