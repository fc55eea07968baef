// Yandex's message definitions as protobuf descriptors. The package ships no .proto files, only code
// that ts-proto generated from them: `encode` tells each field's number and type, the declarations
// tell which fields belong to a oneof. Nothing of it is executed but read.
import { create, createFileRegistry } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  file_google_protobuf_any,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
} from "@bufbuild/protobuf/wkt";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const generated = join(
  dirname(createRequire(import.meta.url).resolve("@yandex-cloud/nodejs-sdk")),
  "generated",
);

const scalars = {
  string: Type.STRING,
  bytes: Type.BYTES,
  bool: Type.BOOL,
  double: Type.DOUBLE,
  int32: Type.INT32,
  int64: Type.INT64,
};
const wellKnown = { Any: "any", Struct: "struct", Timestamp: "timestamp" };

const snake = (camel) => camel.replace(/[A-Z]/g, (letter) => "_" + letter.toLowerCase());

/** Name of the message in protobuf: ts-proto joins nested names by an underscore, and so do we. */
const fullName = (scope, name) => `.${scope}.${name}`;

function enumsOf(code) {
  const enums = [];
  for (const [, name, body] of code.matchAll(/\(function \((\w+)\) \{\n([\s\S]*?)\n\}\)\(/g)) {
    const value = [...body.matchAll(/\["(\w+)"\] = (-?\d+)\]/g)]
      .filter(([, label]) => label !== "UNRECOGNIZED")
      .map(([, label, number]) => ({ name: `${name}.${label}`, number: Number(number) }));
    enums.push({ name, value });
  }
  return enums;
}

/** Field name -> { type, oneof } of each message, as the declarations have it. */
function interfacesOf(declarations) {
  const found = new Map();
  const flat = declarations.replace(/\{\s*\[key: string\]: any;\s*\}/g, "any");
  for (const [, name, body] of flat.matchAll(/export interface (\w+) \{([\s\S]*?)\n\}/g)) {
    const fields = new Map();
    for (const [, field, type] of body.matchAll(/^ {4}(\w+)\??: (.*);$/gm)) {
      fields.set(field, { type: type.replace(" | undefined", ""), oneof: type.endsWith("| undefined") });
    }
    found.set(name, fields);
  }
  return found;
}

/** What `encode` writes: one entry for each field. */
function encodedFields(body) {
  const fields = [];
  const add = (tag, name, kind, repeated) =>
    fields.push({ number: Number(tag) >>> 3, name, kind, repeated });
  const patterns = [
    [/for \(const v of message\.(\w+)\) \{\s*exports\.(\w+)\.encode\(v, writer\.uint32\((\d+)\)/g,
      (m) => add(m[3], m[1], { message: m[2] }, true)],
    [/for \(const v of message\.(\w+)\) \{\s*(\w+)_1\.(\w+)\.encode\(v, writer\.uint32\((\d+)\)/g,
      (m) => add(m[4], m[1], { imported: m[3] }, true)],
    [/for \(const v of message\.(\w+)\) \{\s*writer\.uint32\((\d+)\)\.(\w+)\(v/g,
      (m) => add(m[2], m[1], { scalar: m[3] }, true)],
    [/writer\.uint32\((\d+)\)\.fork\(\);\s*for \(const v of message\.(\w+)\) \{\s*writer\.(\w+)\(v/g,
      (m) => add(m[1], m[2], { scalar: m[3] }, true)],
    [/exports\.(\w+)\.encode\(message\.(\w+), writer\.uint32\((\d+)\)/g,
      (m) => add(m[3], m[2], { message: m[1] }, false)],
    [/\w+_1\.(\w+)\.encode\((?:[\w.]+\()?message\.(\w+)\)?, writer\.uint32\((\d+)\)/g,
      (m) => add(m[3], m[2], { imported: m[1] }, false)],
    [/writer\.uint32\((\d+)\)\.(\w+)\(message\.(\w+)\)/g,
      (m) => add(m[1], m[3], { scalar: m[2] }, false)],
  ];
  for (const [pattern, note] of patterns) for (const match of body.matchAll(pattern)) note(match);
  return fields;
}

function descriptorField(field, declared, scope, enums) {
  const known = declared.get(field.name);
  if (!known) throw new Error(`${field.name} is encoded, but not declared`);
  const descriptor = {
    name: snake(field.name),
    jsonName: field.name,
    number: field.number,
    label: field.repeated ? Label.REPEATED : Label.OPTIONAL,
  };
  const element = known.type.replace("[]", "");
  if (field.kind.message) {
    descriptor.type = Type.MESSAGE;
    descriptor.typeName = fullName(scope, field.kind.message);
  } else if (field.kind.imported) {
    const name = field.kind.imported;
    descriptor.type = Type.MESSAGE;
    descriptor.typeName = name in wellKnown ? `.google.protobuf.${name}` : fullName("google.rpc", name);
  } else if (field.kind.scalar === "int32" && enums.has(element)) {
    descriptor.type = Type.ENUM;
    descriptor.typeName = fullName(scope, element);
  } else {
    descriptor.type = scalars[field.kind.scalar];
    if (!descriptor.type) throw new Error(`unknown type ${field.kind.scalar} of ${field.name}`);
  }
  if (known.oneof) descriptor.oneofIndex = 0;
  return descriptor;
}

/** One file of the package as a FileDescriptorProto. */
function fileOf(path, dependency) {
  const code = readFileSync(join(generated, path + ".js"), "utf8");
  const declared = interfacesOf(readFileSync(join(generated, path + ".d.ts"), "utf8"));
  const scope = code.match(/exports\.protobufPackage = '([\w.]+)'/)[1];
  const enums = enumsOf(code);
  const enumNames = new Set(enums.map((one) => one.name));
  const messageType = [];
  const messages =
    /^exports\.(\w+) = \{\n {4}encode\(\w+, writer[^\n]*([\s\S]*?)\n {8}return writer;/gm;
  for (const [, name, body] of code.matchAll(messages)) {
    const fields = declared.get(name);
    const field = encodedFields(body).map((one) => descriptorField(one, fields, scope, enumNames));
    const missing = [...fields.keys()].filter((one) => !field.some((f) => f.jsonName === one));
    if (missing.length > 0) throw new Error(`${name}: ${missing} is declared, but not encoded`);
    const oneofDecl = field.some((one) => one.oneofIndex === 0) ? [{ name: "choice" }] : [];
    messageType.push({ name, field, oneofDecl });
  }
  return create(FileDescriptorProtoSchema, {
    name: path + ".proto",
    package: scope,
    syntax: "proto3",
    dependency,
    messageType,
    // Values of one enumeration may be named as those of another: in protobuf each has a scope.
    enumType: enums.map((one) => ({
      name: one.name,
      value: one.value.map((v) => ({ name: v.name.split(".")[1], number: v.number })),
    })),
  });
}

const wellKnownFiles = [
  file_google_protobuf_any,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
].map((file) => file.proto);
const structs = ["google/protobuf/struct.proto"];
const operations = ["google/protobuf/any.proto", "google/protobuf/timestamp.proto", "google/rpc/status.proto"];

export const registry = createFileRegistry(
  create(FileDescriptorSetSchema, {
    file: [
      ...wellKnownFiles,
      fileOf("google/rpc/status", ["google/protobuf/any.proto"]),
      fileOf("yandex/cloud/operation/operation", operations),
      fileOf("yandex/cloud/ai/tts/v3/tts", []),
      fileOf("yandex/cloud/ai/stt/v3/stt", structs),
    ],
  }),
);

/** The message's descriptor, e.g. of `speechkit.tts.v3.Hints`. */
export function definitionOf(name) {
  const found = registry.getMessage(name);
  if (!found) throw new Error(`Yandex defines no ${name}`);
  return found;
}
