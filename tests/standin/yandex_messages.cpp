#include "standin/yandex_messages.hpp"

namespace mlbilling::standin {
namespace {

using Kind = Field::Kind;

// tests/conformance compares these tables with the definitions in Yandex's own package.

Field text(std::string_view name, std::string_view oneof = {}) {
    return {name, Kind::text, false, oneof};
}
Field number(std::string_view name, std::string_view oneof = {}) {
    return {name, Kind::number, false, oneof};
}
Field whole(std::string_view name) { return {name, Kind::whole_number}; }
Field flag(std::string_view name, std::string_view oneof = {}) {
    return {name, Kind::boolean, false, oneof};
}
Field bytes(std::string_view name, std::string_view oneof) {
    return {name, Kind::bytes, false, oneof};
}
Field one_of(std::string_view name, std::vector<std::string_view> values) {
    return {name, Kind::enumeration, false, {}, std::move(values)};
}
Field message(std::string_view name, const Message& type, std::string_view oneof = {}) {
    return {name, Kind::message, false, oneof, {}, &type};
}
Field repeated(Field field) {
    field.repeated = true;
    return field;
}

const Message& container_audio() {
    static const Message type{"ContainerAudio",
                              {one_of("containerAudioType", {"CONTAINER_AUDIO_TYPE_UNSPECIFIED",
                                                             "WAV", "OGG_OPUS", "MP3"})}};
    return type;
}

const Message& synthesis_format() {
    static const Message raw{
        "RawAudio",
        {one_of("audioEncoding", {"AUDIO_ENCODING_UNSPECIFIED", "LINEAR16_PCM"}),
         whole("sampleRateHertz")}};
    static const Message type{"AudioFormatOptions",
                              {message("rawAudio", raw, "AudioFormat"),
                               message("containerAudio", container_audio(), "AudioFormat")}};
    return type;
}

const Message& text_template() {
    static const Message variable{"TextVariable", {text("variableName"), text("variableValue")}};
    static const Message type{"TextTemplate",
                              {text("textTemplate"), repeated(message("variables", variable))}};
    return type;
}

const Message& hints() {
    static const Message content{
        "AudioContent",
        {bytes("content", "AudioSource"), message("audioSpec", synthesis_format())}};
    static const Message variable{
        "AudioVariable",
        {text("variableName"), whole("variableStartMs"), whole("variableLengthMs")}};
    static const Message audio{"AudioTemplate",
                               {message("audio", content), message("textTemplate", text_template()),
                                repeated(message("variables", variable))}};
    static const Message duration{
        "DurationHint",
        {one_of("policy", {"DURATION_HINT_POLICY_UNSPECIFIED", "EXACT_DURATION", "MIN_DURATION",
                           "MAX_DURATION"}),
         whole("durationMs")}};
    static const Message type{
        "Hints",
        {text("voice", "Hint"), message("audioTemplate", audio, "Hint"), number("speed", "Hint"),
         number("volume", "Hint"), text("role", "Hint"), number("pitchShift", "Hint"),
         message("duration", duration, "Hint")}};
    return type;
}

const Message& recognition_format() {
    static const Message raw{
        "RawAudio",
        {one_of("audioEncoding", {"AUDIO_ENCODING_UNSPECIFIED", "LINEAR16_PCM"}),
         whole("sampleRateHertz"), whole("audioChannelCount")}};
    static const Message type{"AudioFormatOptions",
                              {message("rawAudio", raw, "AudioFormat"),
                               message("containerAudio", container_audio(), "AudioFormat")}};
    return type;
}

const Message& recognition_model() {
    static const Message normalization{
        "TextNormalizationOptions",
        {one_of("textNormalization", {"TEXT_NORMALIZATION_UNSPECIFIED",
                                      "TEXT_NORMALIZATION_ENABLED", "TEXT_NORMALIZATION_DISABLED"}),
         flag("profanityFilter"), flag("literatureText"),
         one_of("phoneFormattingMode",
                {"PHONE_FORMATTING_MODE_UNSPECIFIED", "PHONE_FORMATTING_MODE_DISABLED"})}};
    static const Message language{
        "LanguageRestrictionOptions",
        {one_of("restrictionType",
                {"LANGUAGE_RESTRICTION_TYPE_UNSPECIFIED", "WHITELIST", "BLACKLIST"}),
         repeated(text("languageCode"))}};
    static const Message type{
        "RecognitionModelOptions",
        {text("model"), message("audioFormat", recognition_format()),
         message("textNormalization", normalization), message("languageRestriction", language),
         one_of("audioProcessingType",
                {"AUDIO_PROCESSING_TYPE_UNSPECIFIED", "REAL_TIME", "FULL_DATA"})}};
    return type;
}

const Message& speech_analysis() {
    static const Message speaker{"SpeakerAnalysisOptions", {whole("silenceThresholdMs")}};
    static const Message conversation{
        "ConversationAnalysisOptions",
        {whole("simultaneousSilenceThresholdMs"), whole("simultaneousSpeechThresholdMs")}};
    static const Message type{
        "SpeechAnalysisOptions",
        {flag("enableSpeakerAnalysis"), flag("enableConversationAnalysis"),
         repeated(number("descriptiveStatisticsQuantiles")), message("speakerOptions", speaker),
         // Misspelt in Yandex's own definition.
         message("converstationOptions", conversation)}};
    return type;
}

const Message& summarization() {
    static const Message schema{"JsonSchema", {{"schema", Kind::any}}};
    static const Message property{"SummarizationProperty",
                                  {text("instruction"), flag("jsonObject", "ResponseFormat"),
                                   message("jsonSchema", schema, "ResponseFormat")}};
    static const Message type{"SummarizationOptions",
                              {text("modelUri"), repeated(message("properties", property))}};
    return type;
}

}  // namespace

const Message& synthesis_request() {
    static const Message type{
        "UtteranceSynthesisRequest",
        {text("model"), text("text", "Utterance"),
         message("textTemplate", text_template(), "Utterance"), repeated(message("hints", hints())),
         message("outputAudioSpec", synthesis_format()),
         one_of("loudnessNormalizationType",
                {"LOUDNESS_NORMALIZATION_TYPE_UNSPECIFIED", "MAX_PEAK", "LUFS"}),
         flag("unsafeMode")}};
    return type;
}

const Message& recognition_request() {
    static const Message classifier{
        "RecognitionClassifier",
        {text("classifier"),
         repeated(one_of("triggers",
                         {"TRIGGER_TYPE_UNSPECIFIED", "ON_UTTERANCE", "ON_FINAL", "ON_PARTIAL"}))}};
    static const Message classifiers{"RecognitionClassifierOptions",
                                     {repeated(message("classifiers", classifier))}};
    static const Message labeling{
        "SpeakerLabelingOptions",
        {one_of("speakerLabeling", {"SPEAKER_LABELING_UNSPECIFIED", "SPEAKER_LABELING_ENABLED",
                                    "SPEAKER_LABELING_DISABLED"})}};
    static const Message type{
        "RecognizeFileRequest",
        {bytes("content", "AudioSource"), text("uri", "AudioSource"),
         message("recognitionModel", recognition_model()),
         message("recognitionClassifier", classifiers),
         message("speechAnalysis", speech_analysis()), message("speakerLabeling", labeling),
         message("summarization", summarization())}};
    return type;
}

}  // namespace mlbilling::standin
