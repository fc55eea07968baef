#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "sandbox/model.hpp"

namespace mlbilling::sandbox {

/// The users of the sandbox, by id; three stand ready at the start.
class People {
  public:
    People();

    /// Adds somebody; without an id they get the next free one. A problem when the id is taken or
    /// unusable, a name is missing or too long, or there are too many people.
    Result<Person> add(Person person);
    Person* find(std::int64_t id);
    const Person* find(std::int64_t id) const;
    const std::map<std::int64_t, Person>& all() const { return people_; }

  private:
    std::map<std::int64_t, Person> people_;
};

}  // namespace mlbilling::sandbox
