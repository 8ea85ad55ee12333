/**
 * Writes the statements that decode a struct.
 *
 * @module
 */
import { type CodecPlace, depthName } from "./encode.ts";
import {
  type FieldLayout,
  fixedBytes,
  type FlagBit,
  layoutOf,
  minItemBits,
} from "./layout.ts";
import { indented } from "./lines.ts";
import type { Field, Type, Value } from "./model.ts";
import { typeText } from "./type_text.ts";

/** Statements that decode a struct into local variables called as the fields are. */
export function decodeStruct(fields: readonly Field[], place: CodecPlace): string[] {
  return new StructDecoder(place).struct(fields);
}

class StructDecoder {
  readonly #place: CodecPlace;
  readonly #r: string;

  constructor(place: CodecPlace) {
    this.#place = place;
    this.#r = place.scope.name("r");
  }

  #local(wanted: string): string {
    return this.#place.scope.name(wanted);
  }

  struct(fields: readonly Field[]): string[] {
    const r = this.#r;
    if (fields.length === 0) return [`${r}.closeStruct(${r}.openStruct());`];
    const layout = layoutOf(fields);
    const lines = [`const ${this.#local("s")} = ${r}.openStruct();`];
    layout.flagMasks.forEach((mask, byte) => {
      const flags = this.#local(`flags${byte}`);
      lines.push(`const ${flags} = ${r}.flags(0b${mask.toString(2)});`);
    });
    for (const field of layout.fields) lines.push(...this.#fixed(field));
    for (const field of layout.fields) lines.push(...this.#variable(field));
    lines.push(`${r}.closeStruct(${this.#local("s")});`);
    return lines;
  }

  #isSet(bit: FlagBit): string {
    return `(${this.#local(`flags${bit.byte}`)} & ${bit.mask}) !== 0`;
  }

  #isClear(bit: FlagBit): string {
    return `(${this.#local(`flags${bit.byte}`)} & ${bit.mask}) === 0`;
  }

  #fixed({ field: { tsName, type }, presence, value }: FieldLayout): string[] {
    if (value !== undefined) {
      if (presence === undefined) return [`const ${tsName} = ${this.#isSet(value)};`];
      return [
        `if (${this.#isClear(presence)} && ${
          this.#isSet(value)
        }) ${this.#r}.fail("flags");`,
        `const ${tsName} = ${this.#isClear(presence)} ? undefined : ${
          this.#isSet(value)
        };`,
      ];
    }
    if (fixedBytes(type) === 0) return [];
    const name = type.kind === "string" ? this.#local(`${tsName}Head`) : tsName;
    const read = type.kind === "string" ? `${this.#r}.stringHead()` : this.#scalar(type);
    if (presence === undefined) return [`const ${name} = ${read};`];
    return [`const ${name} = ${this.#isClear(presence)} ? undefined : ${read};`];
  }

  #scalar(type: Type): string {
    return type.kind === "pipe"
      ? `${this.#place.imports.value("readPipe")}(${this.#r})`
      : `${this.#r}.${type.kind}()`;
  }

  #variable({ field: { tsName, type }, presence }: FieldLayout): string[] {
    switch (type.kind) {
      case "string": {
        const head = this.#local(`${tsName}Head`);
        const read = `${this.#r}.stringBody(${head})`;
        const guarded = presence === undefined
          ? read
          : `${head} === undefined ? undefined : ${read}`;
        return [`const ${tsName} = ${guarded};`];
      }
      case "bytes": {
        const read = `${this.#r}.byteString()`;
        const guarded = presence === undefined
          ? read
          : `${this.#isClear(presence)} ? undefined : ${read}`;
        return [`const ${tsName} = ${guarded};`];
      }
      case "array": {
        const text = typeText({ type, optional: false }, this.#place.imports, "owned");
        const count = this.#local(`${tsName}Count`);
        const lines = this.#array(tsName, type.item, count, 0);
        if (presence === undefined) return [`const ${tsName}: ${text} = [];`, ...lines];
        return [
          `let ${tsName}: ${text} | undefined;`,
          `if (${this.#isSet(presence)}) {`,
          `  ${tsName} = [];`,
          ...indented(lines),
          "}",
        ];
      }
      default:
        return [];
    }
  }

  /** Fills `array`, which is declared and empty. */
  #array(array: string, item: Value, count: string, depth: number): string[] {
    const lines = [`const ${count} = ${this.#r}.count(${minItemBits(item)});`];
    const presence = depth === 0
      ? this.#local(`${array}Presence`)
      : this.#local(depthName("presence", depth));
    if (item.optional) {
      const i = this.#local(depthName("i", depth));
      lines.push(
        `const ${presence}: number[] = [];`,
        `for (let ${i} = 0; ${i} < ${count}; ${i} += 8) {`,
        `  ${presence}.push(${this.#r}.flags(${maskText(count, i)}));`,
        "}",
      );
    }
    return [
      ...lines,
      ...(item.type.kind === "bool"
        ? this.#bools(array, item, count, presence, depth)
        : this.#items(array, item, count, presence, depth)),
    ];
  }

  #bools(
    array: string,
    item: Value,
    count: string,
    presence: string,
    depth: number,
  ): string[] {
    const i = this.#local(depthName("i", depth));
    const k = this.#local(depthName("k", depth));
    const bits = this.#local(depthName("bits", depth));
    const mask = this.#local(depthName("mask", depth));
    const bit = this.#local(depthName("bit", depth));
    const value = `(${bits} & ${bit}) !== 0`;
    const absent = `(${mask} & ${bit}) === 0`;
    return [
      `for (let ${i} = 0; ${i} < ${count}; ${i} += 8) {`,
      `  const ${mask} = ${
        item.optional ? `${presence}[${i} >> 3]!` : maskText(count, i)
      };`,
      // An absent item has no value: the bits that may be set are those of the present ones.
      `  const ${bits} = ${this.#r}.flags(${mask});`,
      `  for (let ${k} = ${i}; ${k} < ${count} && ${k} < ${i} + 8; ${k}++) {`,
      `    const ${bit} = 1 << (${k} & 7);`,
      `    ${array}.push(${item.optional ? `${absent} ? undefined : ${value}` : value});`,
      "  }",
      "}",
    ];
  }

  #items(
    array: string,
    { type, optional }: Value,
    count: string,
    presence: string,
    depth: number,
  ): string[] {
    const i = this.#local(depthName("i", depth));
    const loop = `for (let ${i} = 0; ${i} < ${count}; ${i}++)`;
    const isPresent = this.#local(depthName("isPresent", depth));
    const check =
      `const ${isPresent} = (${presence}[${i} >> 3]! & (1 << (${i} & 7))) !== 0;`;
    if (type.kind !== "array") {
      const read = this.#item(type);
      if (!optional) return [`${loop} ${array}.push(${read});`];
      return [
        `${loop} {`,
        `  ${check}`,
        `  ${array}.push(${isPresent} ? ${read} : undefined);`,
        "}",
      ];
    }
    const item = this.#local(depthName("item", depth));
    const text = typeText({ type, optional: false }, this.#place.imports, "owned");
    const nestedCount = this.#local(depthName("count", depth + 1));
    const skip = [
      check,
      `if (!${isPresent}) {`,
      `  ${array}.push(undefined);`,
      "  continue;",
      "}",
    ];
    return [
      `${loop} {`,
      ...indented([
        ...(optional ? skip : []),
        `const ${item}: ${text} = [];`,
        ...this.#array(item, type.item, nestedCount, depth + 1),
        `${array}.push(${item});`,
      ]),
      "}",
    ];
  }

  #item(type: Type): string {
    switch (type.kind) {
      case "string":
        return `${this.#r}.stringBody(${this.#r}.stringHead())`;
      case "bytes":
        return `${this.#r}.byteString()`;
      default:
        return this.#scalar(type);
    }
  }
}

/** The bits in use of the byte of flags that starts at item `i`. */
function maskText(count: string, i: string): string {
  return `${count} - ${i} < 8 ? (1 << (${count} - ${i})) - 1 : 0xff`;
}
