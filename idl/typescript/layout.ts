/**
 * Where the fields of a struct go: which have flags, which are in a group of a later version, and how many
 * bytes the fixed part has at most.
 *
 * @module
 */
import type { NumberKind } from "../builtin.ts";
import type { ArrayType, Field, Type, Value } from "../meaning/model.ts";

/** One bit of the flags of a struct. */
export interface FlagBit {
  /** The byte of flags it is in. */
  readonly byte: number;
  /** Its value in that byte. */
  readonly mask: number;
}

/** A field with its flags. */
export interface FieldLayout {
  readonly field: Field;
  /** Says that the field is there; only for optional ones. */
  readonly presence: FlagBit | undefined;
  /** The value of a bool. */
  readonly value: FlagBit | undefined;
}

/** A field of the fixed part. */
export interface PlacedField extends FieldLayout {
  /** Where it is in its run; undefined when it comes behind that, in its turn, and may be of any size. */
  readonly offset: number | undefined;
}

/** Fields of the fixed part whose places are known as soon as that of the first one is. */
export interface FixedRun {
  /** The bytes of flags that it starts with. */
  readonly flagBytes: number;
  /** Its bytes, with those flags. */
  readonly bytes: number;
  readonly fields: readonly PlacedField[];
}

/** The layout of the fields of one version. */
export interface GroupLayout {
  readonly version: number;
  readonly fields: readonly FieldLayout[];
  /** For each byte of flags, the bits that are in use. */
  readonly flagMasks: readonly number[];
  /** Flags and fixed part; at least one. */
  readonly runs: readonly FixedRun[];
  /** Their bytes, with every optional field there. */
  readonly maxFixedBytes: number;
}

/** The layout of a struct: the fields it always had, and a group for each version that added some. */
export interface StructLayout {
  readonly base: GroupLayout;
  readonly groups: readonly GroupLayout[];
}

/** Lays out a struct of `fields`. */
export function layoutOf(fields: readonly Field[]): StructLayout {
  const versions = [...new Set(fields.map((field) => field.minVersion))]
    .filter((version) => version > 0).sort((a, b) => a - b);
  const of = (version: number) =>
    groupOf(version, fields.filter((field) => field.minVersion === version));
  return { base: of(0), groups: versions.map(of) };
}

function groupOf(version: number, fields: readonly Field[]): GroupLayout {
  const flagMasks: number[] = [];
  let bits = 0;
  const nextBit = (): FlagBit => {
    const bit = { byte: bits >> 3, mask: 1 << (bits & 7) };
    flagMasks[bit.byte] = (flagMasks[bit.byte] ?? 0) | bit.mask;
    bits++;
    return bit;
  };
  const laidOut = fields.map((field) => ({
    field,
    presence: field.optional ? nextBit() : undefined,
    value: field.type.kind === "bool" ? nextBit() : undefined,
  }));
  const fixed = fields.reduce((sum, field) => sum + fixedBytes(field.type), 0);
  return {
    version,
    fields: laidOut,
    flagMasks,
    runs: runsOf(laidOut, flagMasks.length),
    maxFixedBytes: flagMasks.length + fixed,
  };
}

function runsOf(fields: readonly FieldLayout[], flagBytes: number): FixedRun[] {
  const runs: (FixedRun & { bytes: number; fields: PlacedField[] })[] = [];
  const begin = (flagBytes: number) =>
    runs.push({ flagBytes, bytes: flagBytes, fields: [] });
  begin(flagBytes);
  let isOver = false;
  for (const layout of fields) {
    const { type, optional } = layout.field;
    const bytes = fixedBytes(type), isPlaced = !optional && isPlain(type);
    if (bytes > 0 && isPlaced && isOver) begin(0);
    if (bytes > 0) isOver = !isPlaced;
    const run = runs.at(-1)!;
    run.fields.push({ ...layout, offset: isPlaced ? run.bytes : undefined });
    if (isPlaced) run.bytes += bytes;
  }
  return runs;
}

/** Whether no function of its own reads and writes what is in the fixed part. */
function isPlain(type: Type): boolean {
  return type.kind === "string" || isNumber(type);
}

/** The bytes that a value of the type takes in the fixed part. */
export function fixedBytes(type: Type): number {
  switch (type.kind) {
    case "bool":
    case "bytes":
    case "array":
    case "map":
      return 0;
    case "defined": {
      const { definition } = type;
      if (definition.kind === "enum") return 4;
      return definition.kind === "bits" ? numberBytes(definition.base) : 0;
    }
    case "string":
    case "handle":
    case "pending":
    case "stream":
      // The length word of a string, the index of a handle.
      return 4;
    default:
      return numberBytes(type.kind as NumberKind);
  }
}

function numberBytes(kind: NumberKind): number {
  return Number(kind.slice(1)) / 8;
}

/** The kind of the numbers of an array that is a typed array in TypeScript; undefined for any other. */
export function numbersKind({ item }: ArrayType): NumberKind | undefined {
  const { type, optional } = item;
  if (optional || !isNumber(type)) return undefined;
  return "jsNumber" in type && type.jsNumber ? undefined : type.kind as NumberKind;
}

function isNumber(type: Type): boolean {
  return /^[iuf]\d/.test(type.kind);
}

/** The bits that an item of an array takes at least: what bounds a count that a peer sends. */
export function minItemBits({ type, optional }: Value): number {
  if (type.kind === "bool") return optional ? 2 : 1;
  if (optional) return 1;
  switch (type.kind) {
    case "array":
      if (type.size !== undefined) return Math.ceil(type.size * minItemBits(type.item));
      return 32;
    case "bytes":
    case "map":
      return 32;
    case "defined": {
      const { definition } = type;
      if (definition.kind === "struct") return 32;
      if (definition.kind !== "union") break;
      return definition.defaultMember === undefined ? 64 : 128;
    }
  }
  return fixedBytes(type) * 8;
}

/** Whether the run is one number or one byte of flags: to be read and written in its turn. */
export function isAlone({ flagBytes, fields }: FixedRun): boolean {
  const placed = fields.filter(({ field, offset }) =>
    offset !== undefined && fixedBytes(field.type) > 0
  );
  return flagBytes + placed.length <= 1;
}

/** A place behind the one that a variable holds, as an expression. */
export function placeText(at: string, offset: number): string {
  return offset === 0 ? at : `${at} + ${offset}`;
}
