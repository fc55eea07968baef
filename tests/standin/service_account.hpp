#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace mlbilling::standin {

/// A service account with one authorised key, made when it is asked for first (yandex.md 5).
class ServiceAccount {
  public:
    ServiceAccount();
    ~ServiceAccount();
    ServiceAccount(const ServiceAccount&) = delete;
    ServiceAccount& operator=(const ServiceAccount&) = delete;

    /// The file that Yandex gives an operator, as JSON.
    std::string key_file();

    /// Whether the JSON Web Token is signed by the key (PS256, salt of 32 bytes) and good at `now`;
    /// else why not.
    Result<bool> verify(std::string_view token, Time now);

  private:
    struct Key;
    Key& key();
    Result<bool> verify_signature(std::string_view signed_part, std::string_view signature);

    std::unique_ptr<Key> key_;
};

}  // namespace mlbilling::standin
