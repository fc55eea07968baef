#pragma once

#include <memory>
#include <string>

#include "adapters/work_threads/work_threads.hpp"
#include "ports/speech.hpp"

namespace mlbilling::local_speech {

/// English by PocketSphinx. Used on one thread only; blocks. The model is loaded at first use: 1 s
/// and 105 MB, which stay.
class Recogniser {
  public:
    explicit Recogniser(std::string model_directory);
    Recogniser(const Recogniser&) = delete;
    Recogniser& operator=(const Recogniser&) = delete;
    ~Recogniser();

    /// Sound of 16 kHz; between utterances it stops when asked to.
    Provided<Transcript> recognize(const SharedSound& sound, const work_threads::Stop& stop);

  private:
    struct Decoder;

    /// An empty text, or what is wrong.
    std::string load();

    std::string model_directory_;
    std::unique_ptr<Decoder> decoder_;
};

}  // namespace mlbilling::local_speech
