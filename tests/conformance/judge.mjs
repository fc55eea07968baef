// A strict reader of JSON for Yandex's messages: what it accepts, any reader of theirs accepts.
import { fromJson } from "@bufbuild/protobuf";
import { definitionOf, registry } from "./definitions.mjs";

/** Finds keys that stand twice in one object, which JSON.parse lets pass. The text is valid JSON. */
function doubledKeys(text) {
  const doubled = [];
  const open = [];
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]]/g;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [word] = match;
    if (word === "{") open.push(new Set());
    else if (word === "[") open.push(null);
    else if (word === "}" || word === "]") open.pop();
    else if (/^\s*:/.test(text.slice(token.lastIndex, token.lastIndex + 20))) {
      const keys = open.at(-1);
      const key = JSON.parse(word);
      if (keys.has(key)) doubled.push(key);
      keys.add(key);
    }
  }
  return doubled;
}

/** What the strict reader has against the text as a message of that name; undefined for nothing. */
export function problemWith(name, text) {
  try {
    const value = JSON.parse(text);
    const doubled = doubledKeys(text);
    if (doubled.length > 0) return `doubled keys: ${doubled}`;
    fromJson(definitionOf(name), value, { registry });
    return undefined;
  } catch (error) {
    return error.message;
  }
}

/** Paths of 64-bit numbers that are not written as strings, and of default values left out. */
export function unlikeAGateway(descriptor, value, path = "") {
  const found = [];
  for (const field of descriptor.fields) {
    const here = `${path}.${field.jsonName}`;
    const inner = value[field.jsonName];
    if (inner === undefined || inner === null) {
      const absent = inner === undefined && !field.oneof && field.fieldKind !== "message";
      if (absent) found.push(`${here} is absent`);
      continue;
    }
    if (field.fieldKind === "scalar" && field.scalar === 3 && typeof inner !== "string") {
      found.push(`${here} is no string`);
    }
    if (field.fieldKind === "message") found.push(...unlikeAGateway(field.message, inner, here));
    if (field.fieldKind === "list" && field.listKind === "message") {
      for (const one of inner) found.push(...unlikeAGateway(field.message, one, here));
    }
  }
  return found;
}
