/**
 * The reader and the writer of a union.
 *
 * @module
 */
import { functionPlace, openValue, readerOf, writerOf } from "./codec_function.ts";
import type { CodecPlace } from "./codec_place.ts";
import { decodeAsItem } from "./decode_value.ts";
import type { EmittedFunction } from "./emitted.ts";
import { encodeAsItem } from "./encode_value.ts";
import { indented } from "./lines.ts";
import { missingText } from "./missing.ts";
import type { Field, Union } from "../meaning/model.ts";

/** The reader and the writer of a union. */
export function unionCodec(union: Union, place: CodecPlace): EmittedFunction[] {
  const inner = functionPlace([], place);
  return [
    readerOf(union, readerBody(union, inner), inner),
    writerOf(union, writerBody(union, inner), inner),
  ];
}

function readerBody(union: Union, inner: CodecPlace): string[] {
  const { scope, codecs } = inner, { defaultMember } = union;
  const r = scope.name("r"), label = scope.name("label"), u = scope.name("u");
  const value = scope.name("value");
  const kind = defaultMember === undefined ? "Union" : "Extensible";
  const result = union.typeMap === undefined
    ? value
    : `${r}.convert(${codecs.mapName(union)}, ${value}, ${label})`;
  return [
    `const ${u} = ${r}.open${kind}(${label});`,
    `let ${value}: ${codecs.wireTypeName(union)};`,
    `switch (${r}.tag) {`,
    ...union.members.flatMap((member, tag) => [
      `  case ${tag}: {`,
      ...indented(indented([...readMember(member, value, inner), "break;"])),
      "  }",
    ]),
    "  default:",
    ...indented(indented(
      defaultMember === undefined
        ? [`return ${r}.fail("union-tag");`]
        : [`${r}.skipMember();`, assignment(value, defaultMember, missing(union))],
    )),
    "}",
    `${r}.close${kind}(${u});`,
    `return ${result};`,
  ];
}

/** What the default member holds when another one came that is not known. */
function missing({ defaultMember }: Union): string {
  return missingText({ ...defaultMember!, default: undefined });
}

function readMember(member: Field, value: string, inner: CodecPlace): string[] {
  const name = inner.scope.name("member"), label = JSON.stringify(member.tsName);
  const reading = decodeAsItem(member, name, label, inner);
  return [...reading.lines, assignment(value, member, reading.value)];
}

function assignment(value: string, member: Field, read: string): string {
  const kind = JSON.stringify(member.tsName);
  return `${value} = { kind: ${kind}, value: ${read} };`;
}

function writerBody(union: Union, inner: CodecPlace): string[] {
  const { scope } = inner, opened = openValue(union, inner);
  const w = scope.name("w"), label = scope.name("label"), u = scope.name("u");
  const tag = scope.name("kind"), member = scope.name("member");
  const kind = union.defaultMember === undefined ? "Union" : "Extensible";
  return [
    ...opened.lines,
    // Each property is read once: a getter must not answer twice.
    `const { kind: ${tag}, value: ${member} } = ${opened.name};`,
    `switch (${tag}) {`,
    ...union.members.flatMap((field, place) => [
      `  case ${JSON.stringify(field.tsName)}: {`,
      ...indented(indented([
        `const ${u} = ${w}.open${kind}(${place}, ${label});`,
        ...encodeAsItem(field, member, JSON.stringify(field.tsName), inner),
        `${w}.close${kind}(${u});`,
        "break;",
      ])),
      "  }",
    ]),
    "  default:",
    `    throw ${w}.unknown("the kinds of ${union.name}", ${tag}, ${label});`,
    "}",
  ].map((line) => line.replace(`kind: kind,`, "kind,"));
}
