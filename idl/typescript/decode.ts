/**
 * Writes the statements that decode a struct.
 *
 * @module
 */
import type { CodecPlace } from "./codec_place.ts";
import {
  decodeAsItem,
  decodeBody,
  decodeFixed,
  decodeVariable,
  type Reading,
} from "./decode_value.ts";
import { isFixed } from "./encode_value.ts";
import { type FieldLayout, type FlagBit, type GroupLayout, layoutOf } from "./layout.ts";
import { indented } from "./lines.ts";
import { isMissingText, missingText } from "./missing.ts";
import type { Field, Value } from "../meaning/model.ts";
import { typeText } from "./type_text.ts";

/**
 * Statements that decode a struct into local variables called as the fields are. `label` is what holds the
 * struct, as an expression; nothing for parameters and replies.
 */
export function decodeStruct(
  fields: readonly Field[],
  place: CodecPlace,
  label = "",
): string[] {
  return new StructDecoder(place).struct(fields, label);
}

/**
 * Statements that decode a value that stands alone, as an item of a stream, and declare the variable
 * `target`. `label` is what errors call it.
 */
export function decodeValue(
  value: Value,
  target: string,
  label: string,
  place: CodecPlace,
): string[] {
  const reading = decodeAsItem(value, target, JSON.stringify(label), place);
  return [
    ...reading.lines,
    ...(reading.value === target ? [] : [
      `const ${target} = ${reading.value};`,
    ]),
  ];
}

class StructDecoder {
  readonly #place: CodecPlace;
  readonly #r: string;
  /** Bytes of flags so far: those of each group have names of their own. */
  #flagBytes = 0;

  constructor(place: CodecPlace) {
    this.#place = place;
    this.#r = place.scope.name("r");
  }

  #local(wanted: string): string {
    return this.#place.scope.name(wanted);
  }

  struct(fields: readonly Field[], label: string): string[] {
    const r = this.#r, what = label === "" ? "Struct" : "Inner";
    if (fields.length === 0) return [`${r}.close${what}(${r}.open${what}(${label}));`];
    const { base, groups } = layoutOf(fields), s = this.#local("s");
    return [
      `const ${s} = ${r}.open${what}(${label});`,
      ...this.#fields(base),
      ...groups.flatMap((group) => this.#group(group)),
      `${r}.close${what}(${s});`,
    ];
  }

  #group(group: GroupLayout): string[] {
    const r = this.#r, g = this.#local(`g${group.version}`);
    const missing = group.fields.map(({ field }) => isMissingText(field, field.tsName));
    const isNeedless = [`!${r}.hasGroup()`, ...missing].join(" && ");
    return [
      ...group.fields.map(({ field }) => this.#declaration(field)),
      `if (${r}.hasGroup()) {`,
      ...indented([
        `const ${g} = ${r}.openGroup();`,
        ...this.#fields(group),
        `${r}.closeGroup(${g});`,
        // One value has one encoding: the last group that is there says something.
        `if (${isNeedless}) ${r}.fail("version-group");`,
      ]),
      "}",
    ];
  }

  #declaration(field: Field): string {
    const type = typeText(field, this.#place, "owned");
    const missing = missingText(field);
    return missing === "undefined"
      ? `let ${field.tsName}: ${type};`
      : `let ${field.tsName}: ${type} = ${missing};`;
  }

  /** The fields of one version. */
  #fields({ fields, flagMasks }: GroupLayout): string[] {
    const first = this.#flagBytes;
    this.#flagBytes += flagMasks.length;
    return [
      ...flagMasks.map((mask, byte) =>
        `const ${this.#flags(first + byte)} = ${this.#r}.flags(0b${mask.toString(2)});`
      ),
      ...fields.flatMap((layout) => this.#fixed(layout, first)),
      ...fields.flatMap((layout) => this.#variable(layout, first)),
    ];
  }

  #flags(byte: number): string {
    return this.#local(`flags${byte}`);
  }

  #isSet(bit: FlagBit, first: number): string {
    return `(${this.#flags(first + bit.byte)} & ${bit.mask}) !== 0`;
  }

  #isClear(bit: FlagBit, first: number): string {
    return `(${this.#flags(first + bit.byte)} & ${bit.mask}) === 0`;
  }

  #fixed(layout: FieldLayout, first: number): string[] {
    const { field, presence, value } = layout, { tsName, type } = field;
    if (value !== undefined) return this.#bool(layout, first);
    if (type.kind === "string") {
      const head = this.#local(`${tsName}Head`), read = `${this.#r}.stringHead()`;
      if (presence === undefined) return [`const ${head} = ${read};`];
      return [`const ${head} = ${this.#isClear(presence, first)} ? 0 : ${read};`];
    }
    if (!isFixed(type)) return [];
    const read = (name: string) =>
      decodeFixed(type, name, JSON.stringify(tsName), this.#place);
    return this.#assigned(layout, first, read);
  }

  #bool({ field, presence, value }: FieldLayout, first: number): string[] {
    const target = field.minVersion === 0 ? `const ${field.tsName}` : field.tsName;
    const isSet = this.#isSet(value!, first);
    if (presence === undefined) return [`${target} = ${isSet};`];
    const isAbsent = this.#isClear(presence, first);
    const fail = `${this.#r}.fail("flags", ${JSON.stringify(field.tsName)});`;
    return [
      // An absent value has no bit.
      `if (${isAbsent} && ${isSet}) ${fail}`,
      `${target} = ${isAbsent} ? undefined : ${isSet};`,
    ];
  }

  #variable(layout: FieldLayout, first: number): string[] {
    const { field } = layout, { tsName, type } = field, label = JSON.stringify(tsName);
    if (type.kind === "bool" || isFixed(type)) return [];
    const head = this.#local(`${tsName}Head`);
    return this.#assigned(
      layout,
      first,
      (name) =>
        type.kind === "string"
          ? decodeBody(field, head, name, label, this.#place)
          : decodeVariable(type, name, label, 0, this.#place),
    );
  }

  /** Declares the variable of the field, or gives it a value when its group has declared it. */
  #assigned(
    { field, presence }: FieldLayout,
    first: number,
    read: (name: string) => Reading,
  ): string[] {
    const { tsName, type, minVersion } = field, isLater = minVersion > 0;
    if (presence === undefined && !isLater) {
      const { lines, value } = read(tsName);
      return [...lines, ...(value === tsName ? [] : [`const ${tsName} = ${value};`])];
    }
    const { lines, value } = read(this.#local(`${tsName}Read`));
    if (presence === undefined) return [...lines, `${tsName} = ${value};`];
    if (lines.length === 0) {
      const target = isLater ? tsName : `const ${tsName}`;
      return [`${target} = ${this.#isClear(presence, first)} ? undefined : ${value};`];
    }
    const text = typeText({ type, optional: true }, this.#place, "owned");
    return [
      ...(isLater ? [] : [`let ${tsName}: ${text};`]),
      `if (${this.#isSet(presence, first)}) {`,
      ...indented([...lines, `${tsName} = ${value};`]),
      ...(isLater && field.default !== undefined
        ? [`} else ${tsName} = undefined;`]
        : ["}"]),
    ];
  }
}
