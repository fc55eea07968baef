#include "domain/text.hpp"
