// The stand-in is as strict as the definitions: it knows their fields, and no others.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { definitionOf } from "./definitions.mjs";
import { problemWith } from "./judge.mjs";
import { Standin } from "./standin.mjs";

let standin;
before(async () => (standin = await Standin.start()));
after(() => standin?.stop());

const objection = /unknown field|invalid value|duplicate field|oneof/;
const snake = (camel) => camel.replace(/[A-Z]/g, (letter) => "_" + letter.toLowerCase());

/** A value that the field can have, and one that it cannot. */
function samplesOf(field) {
  if (field.fieldKind === "enum" || field.listKind === "enum") {
    return [field.enum.values.at(-1).name, "NO_SUCH_VALUE"];
  }
  if (field.fieldKind === "message" || field.listKind === "message") return [{}, "text"];
  const scalar = field.scalar;
  if (scalar === 9 || scalar === 12) return ["aGVsbG8=", 17];
  if (scalar === 8) return [true, "true"];
  return [1, "a number"];
}

/** Every field below the message, as a function that wraps a value into a request. */
function* fieldsBelow(descriptor, wrap, depth = 0) {
  for (const field of descriptor.fields) {
    const inside = (value) => wrap({ [field.jsonName]: field.fieldKind === "list" ? [value] : value });
    yield { field, wrap };
    if (field.message && depth < 5 && !field.message.typeName.startsWith("google.")) {
      yield* fieldsBelow(field.message, inside, depth + 1);
    }
  }
}

async function messageOf(path, request) {
  const answer = await standin.post(path, JSON.stringify(request));
  return answer.status === 200 ? "" : JSON.parse(answer.text).error.message;
}

async function compare(name, path) {
  let count = 0;
  for (const { field, wrap } of fieldsBelow(definitionOf(name), (value) => value)) {
    const list = (value) => (field.fieldKind === "list" ? [value] : value);
    const [good, bad] = samplesOf(field);
    const where = `${field.parent.name}.${field.jsonName}`;
    for (const spelling of [field.jsonName, snake(field.jsonName)]) {
      const request = wrap({ [spelling]: list(good) });
      assert.equal(problemWith(name, JSON.stringify(request)), undefined, where);
      assert.doesNotMatch(await messageOf(path, request), objection, `${where} as ${spelling}`);
    }
    // A Struct holds anything.
    if (field.message?.typeName !== "google.protobuf.Struct") {
      const request = wrap({ [field.jsonName]: list(bad) });
      assert.ok(problemWith(name, JSON.stringify(request)), `${where}: the judge takes ${bad}`);
      assert.match(await messageOf(path, request), objection, `${where}: the stand-in takes ${bad}`);
    }
    const strange = wrap({ [field.jsonName + "X"]: list(good) });
    assert.match(await messageOf(path, strange), /unknown field/, where);
    count += 1;
  }
  return count;
}

test("requests for synthesis", async () => {
  const count = await compare("speechkit.tts.v3.UtteranceSynthesisRequest", "/tts/v3/utteranceSynthesis");
  assert.ok(count > 30, `${count} fields`);
});

test("requests for recognition", async () => {
  const count = await compare("speechkit.stt.v3.RecognizeFileRequest", "/stt/v3/recognizeFileAsync");
  assert.ok(count > 35, `${count} fields`);
});

test("two of a oneof", async () => {
  const pairs = [];
  for (const name of ["speechkit.tts.v3.UtteranceSynthesisRequest", "speechkit.stt.v3.RecognizeFileRequest"]) {
    const path = name.includes("tts") ? "/tts/v3/utteranceSynthesis" : "/stt/v3/recognizeFileAsync";
    const messages = [[definitionOf(name), (value) => value]];
    for (const { field, wrap } of fieldsBelow(definitionOf(name), (value) => value)) {
      const inside = (value) => wrap({ [field.jsonName]: field.fieldKind === "list" ? [value] : value });
      if (field.message && !field.message.typeName.startsWith("google.")) messages.push([field.message, inside]);
    }
    for (const [message, wrap] of messages) {
      for (const { fields: [first, second] } of message.oneofs) {
        if (!second) continue;
        const request = wrap({ [first.jsonName]: samplesOf(first)[0], [second.jsonName]: samplesOf(second)[0] });
        assert.ok(problemWith(name, JSON.stringify(request)), message.name);
        assert.match(await messageOf(path, request), /oneof/, message.name);
        pairs.push(message.name);
      }
    }
  }
  assert.ok(new Set(pairs).size >= 5, `${[...new Set(pairs)]}`);
});
