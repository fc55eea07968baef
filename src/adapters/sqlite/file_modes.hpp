#pragma once

#include <string>

namespace mlbilling::sqlite {

/// The book holds what users write and own: takes the rights of other users away from the file and
/// from those that SQLite keeps beside it, and says so in the log. What belongs to somebody else
/// cannot be changed, and is told of.
void keep_from_others(const std::string& path);

/// The same for the folder of the book, when it is one of our own making: the default's `data`.
void keep_folder_from_others(const std::string& folder);

}  // namespace mlbilling::sqlite
