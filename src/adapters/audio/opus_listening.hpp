#pragma once

#include "adapters/audio/opus_decoders.hpp"
#include "adapters/audio/opus_stream.hpp"
#include "adapters/work_threads/work_threads.hpp"

namespace mlbilling::audio {

enum class Hearing { silent, loud, damaged };

/// Decodes a stream from its beginning until something in it can be heard. Blocks.
Hearing listen(const OpusStream& stream, OpusDecoders& decoders, const work_threads::Stop& stop);

}  // namespace mlbilling::audio
