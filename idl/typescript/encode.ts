/**
 * Writes the statements that encode a struct.
 *
 * @module
 */
import { checkText } from "./bounds_text.ts";
import { type CodecPlace, depthName } from "./codec_place.ts";
import { encodeAlone, encodeFixed, encodeVariable, isFixed } from "./encode_value.ts";
import {
  type FieldLayout,
  type FixedRun,
  type GroupLayout,
  isAlone,
  layoutOf,
  type PlacedField,
  placeText,
} from "./layout.ts";
import { alternatives, indented } from "./lines.ts";
import { literal } from "./literal.ts";
import { isMissingText, oppositeText } from "./missing.ts";
import type { Field, Value } from "../meaning/model.ts";
import { typeText } from "./type_text.ts";

/**
 * Statements that encode `fields`, which are local variables, as a struct. `label` is what holds the struct,
 * as an expression; nothing for parameters and replies.
 */
export function encodeStruct(
  fields: readonly Field[],
  place: CodecPlace,
  label?: string,
): string[] {
  return new StructEncoder(place).struct(fields, label);
}

/**
 * Statements that encode the value of an expression that may be evaluated again and again, alone as an item
 * of a stream. `label` is what errors call it.
 */
export function encodeValue(
  value: Value,
  expression: string,
  label: string,
  place: CodecPlace,
): string[] {
  return encodeAlone(value, expression, JSON.stringify(label), place);
}

class StructEncoder {
  readonly #place: CodecPlace;
  readonly #w: string;
  #runs = 0;
  /** Where the length word of each string is, as an expression. */
  readonly #heads = new Map<Field, string>();

  constructor(place: CodecPlace) {
    this.#place = place;
    this.#w = place.scope.name("w");
  }

  #local(wanted: string): string {
    return this.#place.scope.name(wanted);
  }

  /** The variable that holds the field. */
  #nameOf(field: Field): string {
    return hasOwnDefault(field) ? this.#local(`${field.tsName}Sent`) : field.tsName;
  }

  struct(fields: readonly Field[], label = ""): string[] {
    const w = this.#w;
    const defaults = fields.filter(hasOwnDefault).map((field) =>
      `const ${this.#nameOf(field)}: ${
        typeText({ ...field, optional: false }, this.#place, "lent")
      } = ${field.tsName} === undefined ? ${literal(field.default!)} : ${field.tsName};`
    );
    const { base, groups } = layoutOf(fields);
    const [what, inFront] = label === "" ? ["Struct", ""] : ["Inner", `${label}, `];
    if (fields.length === 0) return [`${w}.close${what}(${w}.open${what}(${inFront}0));`];
    const at = this.#nextPlace(), { bytes } = base.runs[0]!;
    const more = base.maxFixedBytes - bytes;
    const sizes = more === 0 ? bytes : `${bytes}, ${more}`;
    return [
      ...defaults,
      `const ${at} = ${w}.open${what}(${inFront}${sizes});`,
      ...this.#group(base, at),
      ...this.#groups(groups),
      `${w}.close${what}(${at});`,
    ];
  }

  #groups(groups: readonly GroupLayout[]): string[] {
    const w = this.#w;
    const says = (group: GroupLayout) => this.#local(`says${group.version}`);
    return [
      // A group is written for what is in it, or for what is in a later one.
      ...groups.toReversed().flatMap((group, i) => {
        const later = i === 0 ? [] : [says(groups[groups.length - i]!)];
        return this.#saysText(group, says(group), later);
      }),
      ...groups.flatMap((group) => {
        const g = this.#local(`g${group.version}`);
        return [
          `if (${says(group)}) {`,
          ...indented([
            `const ${g} = ${w}.openGroup(${group.maxFixedBytes});`,
            ...this.#group(group),
            `${w}.closeGroup(${g});`,
          ]),
          "}",
        ];
      }),
    ];
  }

  #saysText(
    { fields }: GroupLayout,
    name: string,
    later: readonly string[],
  ): string[] {
    const missing = fields.map(({ field }) => isMissingText(field, this.#nameOf(field)));
    const terms = [...later, ...missing.map(oppositeText)];
    const line = `const ${name} = ${terms.join(" || ")};`;
    if (line.length <= 80) return [line];
    const last = terms.length - 1;
    return [
      `const ${name} =`,
      ...terms.map((term, i) => `  ${term}${i < last ? " ||" : ";"}`),
    ];
  }

  /** The variable that holds where the next run is. */
  #nextPlace(): string {
    return this.#local(depthName("at", this.#runs++));
  }

  /** The fields of one version. `opened` holds where the first run is, when that was gone past. */
  #group(group: GroupLayout, opened?: string): string[] {
    const terms = this.#flagTerms(group);
    return [
      ...group.runs.flatMap((run, i) =>
        this.#run(run, terms, i === 0 ? opened : undefined)
      ),
      ...group.fields.flatMap(({ field }) => this.#variable(field)),
    ];
  }

  #run(run: FixedRun, terms: readonly string[][], opened?: string): string[] {
    const w = this.#w, at = opened ?? (isAlone(run) ? undefined : this.#nextPlace());
    return [
      ...(at === opened ? [] : [`const ${at} = ${w}.advance(${run.bytes});`]),
      ...terms.slice(0, run.flagBytes).flatMap((terms, byte) => {
        const open = at === undefined ? "flags(" : `flagsAt(${placeText(at, byte)}, `;
        return alternatives(`${w}.${open}`, terms, ");");
      }),
      ...run.fields.flatMap((field) => this.#fixed(field, at)),
    ];
  }

  /** For each byte of flags, what its bits are made of. */
  #flagTerms({ fields, flagMasks }: GroupLayout): string[][] {
    const bytes = flagMasks.map((): string[] => []);
    for (const layout of fields) this.#addTerms(layout, bytes);
    return bytes;
  }

  #addTerms({ field, presence, value }: FieldLayout, bytes: string[][]): void {
    const name = this.#nameOf(field);
    if (presence !== undefined) {
      bytes[presence.byte]!.push(`(${name} == null ? 0 : ${presence.mask})`);
    }
    if (value === undefined) return;
    const read = `${this.#w}.bit(${name}, ${labelOf(field)})`;
    const shifted = value.mask === 1 ? read : `${read} << ${Math.log2(value.mask)}`;
    const required = value.mask === 1 ? read : `(${shifted})`;
    bytes[value.byte]!.push(
      field.optional ? `(${name} == null ? 0 : ${shifted})` : required,
    );
  }

  #fixed({ field, offset }: PlacedField, run: string | undefined): string[] {
    const { type, optional } = field, name = this.#nameOf(field), label = labelOf(field);
    const at = run === undefined || offset === undefined
      ? undefined
      : placeText(run, offset);
    if (type.kind === "string") {
      const head = at ?? this.#local(`${field.tsName}Head`);
      this.#heads.set(field, head);
      if (at !== undefined) return [`${this.#w}.stringHeadAt(${at}, ${name}, ${label});`];
      const write = `${this.#w}.stringHead(${name}, ${label})`;
      return [`const ${head} = ${optional ? `${name} == null ? 0 : ${write}` : write};`];
    }
    if (!isFixed(type)) return [];
    return guarded(field, name, encodeFixed(type, name, label, this.#place, at));
  }

  #variable(field: Field): string[] {
    const { type } = field, name = this.#nameOf(field), label = labelOf(field);
    if (type.kind === "bool" || isFixed(type)) return [];
    if (type.kind !== "string") {
      return guarded(field, name, encodeVariable(type, name, label, 0, this.#place));
    }
    return guarded(field, name, [
      ...checkText(this.#w, type, name, label, "characters"),
      `${this.#w}.stringBody(${this.#heads.get(field)!}, ${name}, ${label});`,
    ]);
  }
}

/** What stands in for the field when a caller leaves it out. What may be absent is absent then. */
function hasOwnDefault(field: Field): boolean {
  return field.default !== undefined && !field.optional;
}

function labelOf(field: Field): string {
  return JSON.stringify(field.tsName);
}

/** Statements that are left out when an optional field is absent. */
function guarded(
  { optional }: Field,
  name: string,
  lines: readonly string[],
): string[] {
  if (!optional) return [...lines];
  const first = lines[0]!;
  if (lines.length === 1 && name.length + first.length < 70) {
    return [`if (${name} != null) ${first}`];
  }
  return [`if (${name} != null) {`, ...indented(lines), "}"];
}
