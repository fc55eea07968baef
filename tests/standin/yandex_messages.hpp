#pragma once

#include "standin/message_schema.hpp"

namespace mlbilling::standin {

/// speechkit.tts.v3.UtteranceSynthesisRequest
const Message& synthesis_request();
/// speechkit.stt.v3.RecognizeFileRequest
const Message& recognition_request();

}  // namespace mlbilling::standin
