// What our adapter really sends, and what the stand-in answers, are messages of Yandex.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { definitionOf } from "./definitions.mjs";
import { problemWith, unlikeAGateway } from "./judge.mjs";
import { Standin } from "./standin.mjs";

let standin;
before(async () => {
  standin = await Standin.start();
  await standin.callEverything();
});
after(() => standin?.stop());

/** The objects of a stream, as they stand in its text. */
const linesOf = (text) => text.split("\n").filter((line) => line !== "");

function assertResults(name, calls) {
  assert.ok(calls.length > 0);
  for (const call of calls) {
    for (const line of linesOf(call.answer_body)) {
      const { result } = JSON.parse(line);
      assert.equal(problemWith(name, JSON.stringify(result)), undefined, line.slice(0, 300));
      assert.deepEqual(unlikeAGateway(definitionOf(name), result), []);
    }
  }
}

test("every request for synthesis is an UtteranceSynthesisRequest", async () => {
  const calls = await standin.calls("synthesis_v3");
  assert.ok(calls.length > 20);
  for (const call of calls) {
    assert.equal(problemWith("speechkit.tts.v3.UtteranceSynthesisRequest", call.request_body), undefined);
  }
  const requests = calls.map((call) => JSON.parse(call.request_body));
  assert.ok(requests.some((request) => request.unsafeMode === true));
  assert.ok(requests.some((request) => JSON.stringify(request.hints).includes("speed")));
  assert.ok(requests.every((request) => request.outputAudioSpec.containerAudio));
});

test("every request for recognition is a RecognizeFileRequest", async () => {
  const calls = await standin.calls("recognition_v3");
  assert.ok(calls.length > 10);
  for (const call of calls) {
    assert.equal(problemWith("speechkit.stt.v3.RecognizeFileRequest", call.request_body), undefined);
  }
});

test("the stand-in's audio is a stream of UtteranceSynthesisResponses", async () => {
  assertResults("speechkit.tts.v3.UtteranceSynthesisResponse", await standin.calls("synthesis_v3"));
});

test("the stand-in's transcripts are streams of StreamingResponses", async () => {
  const calls = await standin.calls("transcript");
  assertResults("speechkit.stt.v3.StreamingResponse", calls);
  const events = new Set(calls.flatMap((call) => linesOf(call.answer_body))
    .flatMap((line) => Object.keys(JSON.parse(line).result)));
  for (const event of ["final", "finalRefinement", "eouUpdate"]) assert.ok(events.has(event), event);
});

test("the stand-in's operations are Operations", async () => {
  const polls = await standin.calls("operation");
  const submissions = await standin.calls("recognition_v3");
  assert.ok(polls.some((call) => JSON.parse(call.answer_body).done));
  for (const call of [...polls, ...submissions]) {
    assert.equal(problemWith("yandex.cloud.operation.Operation", call.answer_body), undefined);
  }
});
