// The judge itself: it must refuse what Yandex's own readers would silently drop.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromJson, toBinary } from "@bufbuild/protobuf";
import { createRequire } from "node:module";
import { definitionOf, registry } from "./definitions.mjs";
import { problemWith, unlikeAGateway } from "./judge.mjs";

const require = createRequire(import.meta.url);
const { tts } = require("@yandex-cloud/nodejs-sdk/dist/clients/ai-tts-v3/index");
const { stt } = require("@yandex-cloud/nodejs-sdk/dist/clients/ai-stt-v3/index");

const synthesis = (text) => problemWith("speechkit.tts.v3.UtteranceSynthesisRequest", text);
const recognition = (text) => problemWith("speechkit.stt.v3.RecognizeFileRequest", text);

test("the definitions are those of the package", () => {
  const request = definitionOf("speechkit.tts.v3.UtteranceSynthesisRequest");
  assert.deepEqual(
    request.fields.map((field) => `${field.number} ${field.name}`).sort(),
    ["1 model", "2 text", "3 text_template", "4 hints", "5 output_audio_spec",
      "6 loudness_normalization_type", "7 unsafe_mode"],
  );
  assert.equal(definitionOf("speechkit.tts.v3.Hints").oneofs[0].fields.length, 7);
  assert.equal(definitionOf("speechkit.stt.v3.StreamingResponse").oneofs[0].fields.length, 9);
});

test("what the documents show is accepted", () => {
  assert.equal(synthesis(`{"text":"Привет! Теперь и в+ы можете!",
    "hints":[{"voice":"marina"},{"role":"friendly"},{"speed":1.1},{"pitchShift":0},{"volume":"-19"}],
    "outputAudioSpec":{"containerAudio":{"containerAudioType":"OGG_OPUS"}},
    "loudnessNormalizationType":"LUFS","unsafeMode":true}`), undefined);
  assert.equal(recognition(`{"content":"aGVsbG8=","recognition_model":{"model":"general",
    "audio_format":{"raw_audio":{"audio_encoding":"LINEAR16_PCM","sample_rate_hertz":"8000"}}},
    "speakerLabeling":{"speakerLabeling":"SPEAKER_LABELING_DISABLED"}}`), undefined);
  assert.equal(problemWith("yandex.cloud.operation.Operation",
    `{"id":"f8d","description":"d","createdAt":"2024-07-15T07:39:36Z","createdBy":"aje",
      "modifiedAt":"2024-07-15T07:39:36Z","done":false,"metadata":null}`), undefined);
});

test("Yandex's own code reads in binary what the derived definitions write", () => {
  const written = (name, value) =>
    toBinary(definitionOf(name), fromJson(definitionOf(name), value, { registry }));
  const request = {
    text: "a", hints: [{ role: "good" }, { speed: 1.5 }, { duration: { policy: "MAX_DURATION", durationMs: "7" } }],
    outputAudioSpec: { containerAudio: { containerAudioType: "OGG_OPUS" } },
    loudnessNormalizationType: "LUFS", unsafeMode: true,
  };
  const read = tts.UtteranceSynthesisRequest.toJSON(tts.UtteranceSynthesisRequest.decode(
    written("speechkit.tts.v3.UtteranceSynthesisRequest", request)));
  request.hints[2].duration.durationMs = 7;
  assert.deepEqual(read, { model: "", ...request });
  const recording = {
    content: "aGVsbG8=", speakerLabeling: { speakerLabeling: "SPEAKER_LABELING_DISABLED" },
    recognitionModel: {
      model: "general", audioProcessingType: "FULL_DATA",
      audioFormat: { rawAudio: { audioEncoding: "LINEAR16_PCM", sampleRateHertz: "8000", audioChannelCount: "1" } },
      languageRestriction: { restrictionType: "WHITELIST", languageCode: ["ru-RU", "en-US"] },
    },
    speechAnalysis: { enableSpeakerAnalysis: true, enableConversationAnalysis: false, descriptiveStatisticsQuantiles: [0.5] },
  };
  const heard = stt.RecognizeFileRequest.toJSON(stt.RecognizeFileRequest.decode(
    written("speechkit.stt.v3.RecognizeFileRequest", recording)));
  Object.assign(recording.recognitionModel.audioFormat.rawAudio, { sampleRateHertz: 8000, audioChannelCount: 1 });
  assert.deepEqual(heard, recording);
});

test("what a lenient reader would drop is refused", () => {
  const refused = [
    synthesis('{"text":"a","hints":[{"voice":"marina","role":"good"}]}'),
    synthesis('{"text":"a","containerSpec":{}}'),
    synthesis('{"text":"a","outputAudioSpec":{"containerAudio":{"containerAudioType":"OGG"}}}'),
    synthesis('{"text":"a","text":"b"}'),
    synthesis('{"text":"a","unsafeMode":true,"unsafe_mode":false}'),
    synthesis('{"text":1}'),
    synthesis('{"text":"a","hints":{"voice":"marina"}}'),
    synthesis('{"text":"a","hints":[{"speed":"fast"}]}'),
    recognition('{"content":"a","uri":"b"}'),
    recognition('{"content":"%%%"}'),
    recognition('{"recognitionModel":{"languageRestriction":{"languageCode":"ru-RU"}}}'),
    recognition('{"recognitionModel":{"model":"general","model":"general:rc"}}'),
    synthesis("{"),
  ];
  refused.forEach((problem, index) => assert.ok(problem, `sample ${index} was accepted`));
});

test("a doubled key is found at any depth, and one key in two objects is none", () => {
  assert.match(synthesis('{"hints":[{"voice":"a"},{"voice":"a","voice":"b"}]}'), /doubled/);
  assert.equal(synthesis('{"text":"\\"text\\":","hints":[{"voice":"a"},{"voice":"a"}]}'), undefined);
});

test("numbers and defaults are looked at", () => {
  const chunk = definitionOf("speechkit.tts.v3.UtteranceSynthesisResponse");
  assert.deepEqual(unlikeAGateway(chunk, { audioChunk: { data: "" }, startMs: "0", lengthMs: "1" }), []);
  assert.deepEqual(unlikeAGateway(chunk, { audioChunk: {}, startMs: 0 }),
    [".audioChunk.data is absent", ".startMs is no string", ".lengthMs is absent"]);
});
