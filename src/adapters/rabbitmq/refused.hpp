#pragma once

#include "base/unavailable.hpp"

namespace mlbilling::rabbitmq {

/// The broker is there and will not have us as we are: wrong password, no such virtual host, too
/// old, a queue made otherwise. Trying again helps only after somebody has mended it.
class Refused : public Unavailable {
  public:
    using Unavailable::Unavailable;
};

}  // namespace mlbilling::rabbitmq
