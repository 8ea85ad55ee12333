/**
 * Writes the statements that decode a struct.
 *
 * @module
 */
import { type CodecPlace, depthName } from "./codec_place.ts";
import {
  decodeAsItem,
  decodeBody,
  decodeFixed,
  decodeVariable,
  type Reading,
} from "./decode_value.ts";
import { isFixed } from "./encode_value.ts";
import {
  type FieldLayout,
  type FixedRun,
  type FlagBit,
  type GroupLayout,
  isAlone,
  layoutOf,
  type PlacedField,
  placeText,
} from "./layout.ts";
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
  #runs = 0;

  constructor(place: CodecPlace) {
    this.#place = place;
    this.#r = place.scope.name("r");
  }

  #local(wanted: string): string {
    return this.#place.scope.name(wanted);
  }

  struct(fields: readonly Field[], label: string): string[] {
    const r = this.#r, { base, groups } = layoutOf(fields), { bytes } = base.runs[0]!;
    const laterFields = () => groups.flatMap((group) => this.#group(group));
    if (label !== "") {
      const at = bytes === 0 ? undefined : this.#nextPlace();
      return [
        at === undefined
          ? `${r}.openInner(${label});`
          : `const ${at} = ${r}.openInner(${label}, ${bytes});`,
        ...this.#fields(base, at),
        ...laterFields(),
        `${r}.closeInner();`,
      ];
    }
    if (fields.length === 0) return [`${r}.closeStruct(${r}.openStruct());`];
    const s = this.#local("s");
    return [
      `const ${s} = ${r}.openStruct();`,
      ...this.#fields(base),
      ...laterFields(),
      `${r}.closeStruct(${s});`,
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

  /** The variable that holds where the next run is. */
  #nextPlace(): string {
    return this.#local(depthName("at", this.#runs++));
  }

  /** The fields of one version. `opened` holds where the first run is, when that was gone past. */
  #fields({ fields, flagMasks, runs }: GroupLayout, opened?: string): string[] {
    const first = this.#flagBytes;
    this.#flagBytes += flagMasks.length;
    return [
      ...runs.flatMap((run, i) =>
        this.#run(run, flagMasks, first, i === 0 ? opened : undefined)
      ),
      ...fields.flatMap((layout) => this.#variable(layout, first)),
    ];
  }

  #run(
    run: FixedRun,
    flagMasks: readonly number[],
    first: number,
    opened?: string,
  ): string[] {
    const r = this.#r, at = opened ?? (isAlone(run) ? undefined : this.#nextPlace());
    return [
      ...(at === opened ? [] : [`const ${at} = ${r}.advance(${run.bytes});`]),
      ...flagMasks.slice(0, run.flagBytes).map((mask, byte) => {
        const open = at === undefined ? "flags(" : `flagsAt(${placeText(at, byte)}, `;
        return `const ${this.#flags(first + byte)} = ${r}.${open}0b${mask.toString(2)});`;
      }),
      ...run.fields.flatMap((layout) => this.#fixed(layout, first, at)),
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

  #fixed(layout: PlacedField, first: number, run: string | undefined): string[] {
    const { field, presence, value, offset } = layout, { tsName, type } = field;
    if (value !== undefined) return this.#bool(layout, first);
    const at = run === undefined || offset === undefined
      ? undefined
      : placeText(run, offset);
    if (type.kind === "string") {
      const head = this.#local(`${tsName}Head`);
      const read = `${this.#r}.${at === undefined ? "stringHead()" : `u32At(${at})`}`;
      if (presence === undefined) return [`const ${head} = ${read};`];
      return [`const ${head} = ${this.#isClear(presence, first)} ? 0 : ${read};`];
    }
    if (!isFixed(type)) return [];
    const read = (name: string) =>
      decodeFixed(type, name, JSON.stringify(tsName), this.#place, at);
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
