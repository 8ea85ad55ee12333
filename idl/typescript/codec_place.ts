/**
 * What generated readers and writers may refer to.
 *
 * @module
 */
import type { Bits, Definition, Enum, Struct, Union } from "../meaning/model.ts";
import type { ImportNames, NameScope } from "./name_scope.ts";

/** What has a reader and a writer of its own. */
export type CodecDefinition = Struct | Union | Enum | Bits;

/** What definitions are called in the file that is generated; imports them when they are elsewhere. */
export interface CodecNames {
  /** Its reader: `read(r: Decoder, label: string | number): X`; for enums and bits too. */
  read(definition: CodecDefinition): string;
  /** Its writer: `write(w: Encoder, value: X, label: string | number): void`. */
  write(definition: CodecDefinition): string;
  /** Its TypeScript type. */
  typeName(definition: Definition): string;
  /** What a definition with a `typeMap` is before it is converted; `typeName` otherwise. */
  wireTypeName(definition: Struct | Union): string;
  /** What has `toWire` and `fromWire`, for a definition with a `typeMap`. */
  mapName(definition: Struct | Union): string;
}

/** Where statements stand. */
export interface CodecPlace {
  /**
   * The local names. For statements, the fields are locals under their own names, and the encoder and
   * decoder are `scope.name("w")` and `scope.name("r")`. For whole functions, the scope of the file.
   */
  readonly scope: NameScope;
  /** What is imported from the runtime. */
  readonly imports: ImportNames;
  /** What definitions are called. */
  readonly codecs: CodecNames;
}

/** What a parameter is called in front of `body`: told apart when nothing there uses it. */
export function parameterName(name: string, body: readonly string[]): string {
  return body.some((line) => line.split(/[^\w$]+/).includes(name)) ? name : `_${name}`;
}

/** The name of a local in a loop of some depth. */
export function depthName(name: string, depth: number): string {
  return depth === 0 ? name : `${name}${depth}`;
}
