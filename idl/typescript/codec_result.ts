/**
 * The reader and the writer of a reply that is a result: one value, or what went wrong.
 *
 * @module
 */
import { functionPlace } from "./codec_function.ts";
import type { CodecPlace } from "./codec_place.ts";
import { decodeStruct } from "./decode.ts";
import { decodeAsItem } from "./decode_value.ts";
import type { EmittedFunction } from "./emitted.ts";
import { encodeStruct } from "./encode.ts";
import { encodeAsItem } from "./encode_value.ts";
import { indented, listed } from "./lines.ts";
import type { Field, ResultReply, Value } from "../meaning/model.ts";
import { typeText } from "./type_text.ts";

/** What the functions of a result are called, and what `ok` holds in TypeScript. */
export interface ResultNames {
  readonly read: string;
  readonly write: string;
  /** The type of the value; of what holds them all, when there are several; `void` for none. */
  readonly okType: string;
}

/**
 * The reader `read(r): Result<Ok, E>` and the writer `write(w, value)` of a reply that is a result: the
 * whole reply, its struct included.
 */
export function resultCodec(
  { ok, error }: ResultReply,
  names: ResultNames,
  place: CodecPlace,
): EmittedFunction[] {
  const fields = isFields(ok) ? ok : [];
  const inner = functionPlace(fields.map((field) => field.tsName), place);
  const { scope, imports } = inner;
  const type = `${imports.type("Result")}<${names.okType}, ${
    typeText(error, place, "owned")
  }>`;
  const r = scope.name("r"), w = scope.name("w");
  return [{
    name: names.read,
    docs: "",
    parameters: [`${r}: ${imports.type("Decoder")}`],
    returnType: type,
    body: readerBody(ok, error, type, inner),
  }, {
    name: names.write,
    docs: "",
    parameters: [
      `${w}: ${imports.type("Encoder")}`,
      `${scope.name("result")}: ${type}`,
    ],
    returnType: "void",
    body: writerBody(ok, error, inner),
  }];
}

function isFields(ok: ResultReply["ok"]): ok is readonly Field[] {
  return Array.isArray(ok);
}

function readerBody(
  ok: ResultReply["ok"],
  error: Value,
  type: string,
  inner: CodecPlace,
): string[] {
  const { scope } = inner, r = scope.name("r"), s = scope.name("s");
  const u = scope.name("u"), result = scope.name("result");
  const value = scope.name("value"), failure = scope.name("error");
  const good = isFields(ok)
    ? [
      ...decodeStruct(ok, inner, '"value"'),
      ...assigned(result, ok.map((field) => field.tsName)),
    ]
    : one(ok, value, "value", `${result} = { ok: true, value: `, inner);
  const bad = one(error, failure, "error", `${result} = { ok: false, error: `, inner);
  return [
    `const ${s} = ${r}.openStruct(), ${u} = ${r}.openUnion("");`,
    `let ${result}: ${type};`,
    `switch (${r}.tag) {`,
    "  case 0: {",
    ...indented(indented([...good, "break;"])),
    "  }",
    "  case 1: {",
    ...indented(indented([...bad, "break;"])),
    "  }",
    "  default:",
    `    return ${r}.fail("union-tag");`,
    "}",
    `${r}.closeUnion(${u});`,
    `${r}.closeStruct(${s});`,
    `return ${result};`,
  ];
}

function one(
  value: Value,
  name: string,
  label: string,
  open: string,
  inner: CodecPlace,
): string[] {
  const reading = decodeAsItem(value, name, JSON.stringify(label), inner);
  return [...reading.lines, `${open}${reading.value} };`];
}

function assigned(result: string, names: readonly string[]): string[] {
  if (names.length === 0) return [`${result} = { ok: true, value: undefined };`];
  return listed(`${result} = { ok: true, value: {`, names, "} };");
}

function writerBody(
  ok: ResultReply["ok"],
  error: Value,
  inner: CodecPlace,
): string[] {
  const { scope } = inner, w = scope.name("w"), result = scope.name("result");
  const s = scope.name("s", "reply"), u = scope.name("u");
  const value = scope.name("value"), failure = scope.name("error");
  const member = (tag: number, lines: readonly string[]) =>
    indented(indented([
      `const ${u} = ${w}.openUnion(${tag}, "");`,
      ...lines,
      `${w}.closeUnion(${u});`,
      "break;",
    ]));
  return [
    `${w}.object(${result}, "a Result", "");`,
    `const ${s} = ${w}.openStruct(0);`,
    `switch (${result}.ok) {`,
    "  case true: {",
    ...member(0, writeOk(ok, `${result}.value`, value, inner)),
    "  }",
    "  case false: {",
    ...member(1, [
      `const ${failure} = ${result}.error;`,
      ...encodeAsItem(error, failure, '"error"', inner),
    ]),
    "  }",
    "  default:",
    `    throw ${w}.wrongType("a Result", ${result}, "");`,
    "}",
    `${w}.closeStruct(${s});`,
  ];
}

function writeOk(
  ok: ResultReply["ok"],
  from: string,
  value: string,
  inner: CodecPlace,
): string[] {
  if (!isFields(ok)) {
    return [`const ${value} = ${from};`, ...encodeAsItem(ok, value, '"value"', inner)];
  }
  if (ok.length === 0) return encodeStruct(ok, inner, '"value"');
  const w = inner.scope.name("w");
  return [
    `const ${value} = ${from};`,
    `${w}.object(${value}, "the values of the reply", "value");`,
    ...listed("const {", ok.map((field) => field.tsName), `} = ${value};`),
    ...encodeStruct(ok, inner, '"value"'),
  ];
}
