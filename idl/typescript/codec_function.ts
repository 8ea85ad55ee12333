/**
 * What readers and writers have in common, as functions of generated code.
 *
 * @module
 */
import { type CodecDefinition, type CodecPlace, parameterName } from "./codec_place.ts";
import type { EmittedFunction } from "./emitted.ts";
import type { Struct, Union } from "../meaning/model.ts";
import { NameScope } from "./name_scope.ts";

/** The inside of a function whose locals the source calls `names`. */
export function functionPlace(names: Iterable<string>, place: CodecPlace): CodecPlace {
  return { ...place, scope: new NameScope(names, place.scope) };
}

/** A reader with this body. */
export function readerOf(
  definition: CodecDefinition,
  body: readonly string[],
  inner: CodecPlace,
): EmittedFunction {
  const { scope, imports, codecs } = inner, name = codecs.typeName(definition);
  return {
    name: codecs.read(definition),
    docs: `Reads {@linkcode ${name}}.`,
    parameters: [
      `${scope.name("r")}: ${imports.type("Decoder")}`,
      `${parameterName(scope.name("label"), body)}: string | number`,
    ],
    returnType: name,
    body,
  };
}

/** A writer with this body. */
export function writerOf(
  definition: CodecDefinition,
  body: readonly string[],
  inner: CodecPlace,
): EmittedFunction {
  const { scope, imports, codecs } = inner, name = codecs.typeName(definition);
  return {
    name: codecs.write(definition),
    docs: `Writes {@linkcode ${name}}.`,
    parameters: [
      `${scope.name("w")}: ${imports.type("Encoder")}`,
      `${scope.name("value")}: ${name}`,
      `${parameterName(scope.name("label"), body)}: string | number`,
    ],
    returnType: "void",
    body,
  };
}

/** Statements that check the value of a writer and put it into a variable; also what that is called. */
export function openValue(
  definition: Struct | Union,
  inner: CodecPlace,
): { lines: string[]; name: string } {
  const { scope, codecs } = inner;
  const w = scope.name("w"), value = scope.name("value"), label = scope.name("label");
  const type = JSON.stringify(definition.name);
  if (definition.typeMap === undefined) {
    return { lines: [`${w}.object(${value}, ${type}, ${label});`], name: value };
  }
  const name = scope.name("wire"), text = codecs.wireTypeName(definition);
  const map = codecs.mapName(definition);
  return {
    lines: [
      `const ${name}: ${text} = ${w}.convert(${map}, ${value}, ${label});`,
      `${w}.object(${name}, ${type}, ${label});`,
    ],
    name,
  };
}
