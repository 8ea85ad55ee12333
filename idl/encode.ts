/**
 * Writes the statements that encode a struct.
 *
 * @module
 */
import { alternatives, indented } from "./lines.ts";
import { fixedBytes, layoutOf, type StructLayout } from "./layout.ts";
import type { Field, Type, Value } from "./model.ts";
import type { ImportNames, NameScope } from "./name_scope.ts";

/** What the statements may refer to. */
export interface CodecPlace {
  /** The local names; the fields are locals under their own names. */
  readonly scope: NameScope;
  readonly imports: ImportNames;
}

/** Statements that encode `fields`, which are local variables, as a struct. */
export function encodeStruct(fields: readonly Field[], place: CodecPlace): string[] {
  return new StructEncoder(place).struct(fields);
}

class StructEncoder {
  readonly #place: CodecPlace;
  readonly #w: string;

  constructor(place: CodecPlace) {
    this.#place = place;
    this.#w = place.scope.name("w");
  }

  #local(wanted: string): string {
    return this.#place.scope.name(wanted);
  }

  struct(fields: readonly Field[]): string[] {
    const w = this.#w;
    const layout = layoutOf(fields);
    if (fields.length === 0) return [`${w}.closeStruct(${w}.openStruct(0));`];
    const lines = [
      `const ${this.#local("s")} = ${w}.openStruct(${layout.maxFixedBytes});`,
    ];
    for (const terms of this.#flagTerms(layout)) {
      lines.push(...alternatives(`${w}.flags(`, terms, ");"));
    }
    for (const field of fields) lines.push(...this.#fixed(field));
    for (const field of fields) lines.push(...this.#variable(field));
    lines.push(`${w}.closeStruct(${this.#local("s")});`);
    return lines;
  }

  /** For each byte of flags, what its bits are made of. */
  #flagTerms({ fields, flagMasks }: StructLayout): string[][] {
    const bytes = flagMasks.map((): string[] => []);
    for (const { field: { name, tsName, optional }, presence, value } of fields) {
      if (presence !== undefined) {
        bytes[presence.byte]!.push(`(${tsName} == null ? 0 : ${presence.mask})`);
      }
      if (value === undefined) continue;
      const read = `${this.#w}.bit(${tsName}, ${JSON.stringify(name)})`;
      const shifted = value.mask === 1 ? read : `${read} << ${Math.log2(value.mask)}`;
      const required = value.mask === 1 ? read : `(${shifted})`;
      bytes[value.byte]!.push(
        optional ? `(${tsName} == null ? 0 : ${shifted})` : required,
      );
    }
    return bytes;
  }

  #fixed({ name, tsName, type, optional }: Field): string[] {
    const label = JSON.stringify(name);
    if (type.kind === "string") {
      const head = `${this.#w}.stringHead(${tsName}, ${label})`;
      const guarded = optional ? `${tsName} == null ? 0 : ${head}` : head;
      return [`const ${this.#local(`${tsName}Head`)} = ${guarded};`];
    }
    if (fixedBytes(type) === 0) return [];
    const write = this.#scalar(type, tsName, label);
    return [optional ? `if (${tsName} != null) ${write}` : write];
  }

  #scalar(type: Type, value: string, label: string): string {
    return type.kind === "pipe"
      ? `${this.#place.imports.value("writePipe")}(${this.#w}, ${value}, ${label});`
      : `${this.#w}.${type.kind}(${value}, ${label});`;
  }

  #variable({ name, tsName, type, optional }: Field): string[] {
    const label = JSON.stringify(name);
    switch (type.kind) {
      case "string": {
        const write = `${this.#w}.stringBody(${
          this.#local(`${tsName}Head`)
        }, ${tsName});`;
        return [optional ? `if (${tsName} != null) ${write}` : write];
      }
      case "bytes": {
        const write = `${this.#w}.byteString(${tsName}, ${label});`;
        return [optional ? `if (${tsName} != null) ${write}` : write];
      }
      case "array": {
        const lines = this.#array(
          tsName,
          type.item,
          name,
          this.#local(`${tsName}Count`),
          0,
        );
        return optional ? [`if (${tsName} != null) {`, ...indented(lines), "}"] : lines;
      }
      default:
        return [];
    }
  }

  /** An array: its count, its bits, its items. `depth` keeps the names of nested loops apart. */
  #array(
    array: string,
    item: Value,
    name: string,
    count: string,
    depth: number,
  ): string[] {
    const label = JSON.stringify(`${name}[]`);
    const lines = [
      `const ${count} = ${this.#w}.count(${array}, ${JSON.stringify(name)});`,
    ];
    if (item.optional) {
      lines.push(...this.#bits(count, depth, (k, bits) => [
        `if (${array}[${k}] != null) ${bits} |= 1 << (${k} & 7);`,
      ]));
    }
    if (item.type.kind === "bool") {
      lines.push(...this.#bits(count, depth, (k, bits) => [
        item.optional ? `if (${array}[${k}] == null) continue;` : "",
        `${bits} |= ${this.#w}.bit(${array}[${k}]!, ${label}) << (${k} & 7);`,
      ]));
    } else {
      lines.push(...this.#items(array, item, `${name}[]`, count, depth));
    }
    return lines;
  }

  #bits(
    count: string,
    depth: number,
    body: (k: string, bits: string) => string[],
  ): string[] {
    const i = this.#local(depthName("i", depth));
    const k = this.#local(depthName("k", depth));
    const bits = this.#local(depthName("bits", depth));
    const inner = body(k, bits).filter((line) => line !== "");
    return [
      `${this.#w}.need((${count} + 7) >> 3);`,
      `for (let ${i} = 0; ${i} < ${count}; ${i} += 8) {`,
      `  let ${bits} = 0;`,
      `  for (let ${k} = ${i}; ${k} < ${count} && ${k} < ${i} + 8; ${k}++) {`,
      ...indented(indented(inner)),
      "  }",
      `  ${this.#w}.flags(${bits});`,
      "}",
    ];
  }

  #items(
    array: string,
    { type, optional }: Value,
    name: string,
    count: string,
    depth: number,
  ): string[] {
    const i = this.#local(depthName("i", depth));
    const loop = `for (let ${i} = 0; ${i} < ${count}; ${i}++)`;
    const bytes = fixedBytes(type);
    const need = bytes === 0 || type.kind === "string"
      ? []
      : [`${this.#w}.need(${bytes === 1 ? count : `${count} * ${bytes}`});`];
    if (need.length > 0 && !optional) {
      const write = this.#scalar(type, `${array}[${i}]!`, JSON.stringify(name));
      return [...need, `${loop} ${write}`];
    }
    const item = this.#local(depthName("item", depth));
    return [
      ...need,
      `${loop} {`,
      `  const ${item} = ${array}[${i}]${optional ? "" : "!"};`,
      ...(optional ? [`  if (${item} == null) continue;`] : []),
      ...indented(this.#item(item, type, name, depth)),
      "}",
    ];
  }

  #item(item: string, type: Type, name: string, depth: number): string[] {
    const label = JSON.stringify(name);
    switch (type.kind) {
      case "string":
        return [
          // Bodies of earlier items may have used up any room that was made for all.
          `${this.#w}.need(4);`,
          `${this.#w}.stringBody(${this.#w}.stringHead(${item}, ${label}), ${item});`,
        ];
      case "bytes":
        return [`${this.#w}.byteString(${item}, ${label});`];
      case "array": {
        const count = this.#local(depthName("count", depth + 1));
        return this.#array(item, type.item, name, count, depth + 1);
      }
      default:
        return [this.#scalar(type, item, label)];
    }
  }
}

/** The name of a local in a loop of some depth. */
export function depthName(name: string, depth: number): string {
  return depth === 0 ? name : `${name}${depth}`;
}
