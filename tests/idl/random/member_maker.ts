/**
 * Makes fields, parameters, and whatever else has a type.
 *
 * @module
 */
import type { NumberKind } from "../../../idl/builtin.ts";
import { memberName } from "../../../idl/meaning/naming.ts";
import type { Random } from "../../sim/random.ts";
import type {
  Demands,
  Member,
  ReplyShape,
  Shape,
  Slot,
  StructDefinition,
  ValueDefinition,
} from "./schema.ts";

const NUMBERS: readonly NumberKind[] = [
  "i8",
  "u8",
  "i16",
  "u16",
  "i32",
  "u32",
  "i64",
  "u64",
  "f32",
  "f64",
];
/** Those that have no fractions. */
export const INTEGERS: readonly NumberKind[] = NUMBERS.slice(0, 8);

/** Names that mean something to JavaScript, to the library, or to generated code. */
const AWKWARD_MEMBERS = (
  "then constructor __proto__ prototype toString valueOf hasOwnProperty arguments eval await this super " +
  "new class default value values kind name length size w r v i n k d decoder encoder label path result " +
  "error ok options signal impl call reply message pipe handle undefined NaN Infinity null async let " +
  "array map stream struct union event bits union_1 a_1_2 URLOfIt HTTP MAX_SIZE get set static of w1 r1 " +
  "at end flags count item key keys entries buffer bytes read write close begin send dispatch methods"
).split(" ");
/** What a member may be. */
interface MemberOptions {
  /** Of an earlier member, which it may not be lower than. */
  readonly version?: number;
  readonly noDefault?: boolean;
}

/** Whether `default` is a value of it: nothing has to be said of any field, nor does one hold a pipe. */
export function isDefaultable({ fields }: StructDefinition): boolean {
  return fields.every((field) =>
    isSmall(field) && (field.optional || field.default !== undefined)
  );
}

/** Whether it leads to nothing else. */
export function isSmall({ shape }: Slot): boolean {
  switch (shape.kind) {
    case "pipe":
    case "array":
    case "map":
      return false;
    case "defined":
      return shape.to.kind === "enum" || shape.to.kind === "bits";
    default:
      return true;
  }
}

function defaultOf({ fields }: StructDefinition): Member["default"] {
  const values = fields.map((
    field,
  ) => [memberName(field.name).name, field.default?.value]);
  return { text: "default", value: Object.fromEntries(values) };
}

/** Makes members of what there is. */
export class MemberMaker {
  /** Definitions that are complete: they can be anywhere. */
  readonly complete: ValueDefinition[] = [];
  /** Those under way or still to come: only behind `?`, or in an array or a map that may be empty. */
  promised: ValueDefinition[] = [];
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** What a method answers. */
  reply(): ReplyShape | undefined {
    const random = this.#random;
    switch (random.below(6)) {
      case 0:
        return undefined;
      case 1:
        return {
          kind: "result",
          ok: random.oneIn(2) ? this.slot(0) : this.members(random.below(4)),
          error: random.oneIn(2)
            ? { shape: { kind: "string" }, optional: false }
            : this.slot(0),
        };
      case 2:
        return { kind: "stream", item: this.slot(0) };
      default:
        return { kind: "values", values: this.members(random.below(4), true) };
    }
  }

  /** `count` members, some of which came with later versions; all of them, when they go behind `after`. */
  members(count: number, noDefault = false, after?: readonly Member[]): Member[] {
    const random = this.#random, result: Member[] = [];
    const names = new Set(after?.map(({ name }) => memberName(name).name));
    let version = 0;
    if (after !== undefined) {
      version = (after.at(-1)?.minVersion ?? 0) + 1 + random.below(3);
    }
    for (let i = 0; i < count; i++) {
      if (random.oneIn(5)) version += 1 + random.below(2);
      result.push(this.member(names, { version, noDefault }));
    }
    return result;
  }

  /** A name that is not in `names`, nor what TypeScript makes of it. */
  memberName(names: Set<string>): string {
    const random = this.#random;
    for (;;) {
      const name = random.oneIn(2)
        ? random.pick(AWKWARD_MEMBERS)
        : random.pick(["a", "field_", "Some", "x_y"]) + random.below(1000);
      const chosen = memberName(name).name;
      if (names.has(chosen)) continue;
      names.add(chosen);
      return name;
    }
  }

  /** A member with a name that is not in `names`. */
  member(
    names: Set<string>,
    { version = 0, noDefault }: MemberOptions,
    shape?: Shape,
  ): Member {
    const random = this.#random, name = this.memberName(names);
    let slot = shape === undefined ? this.slot(0) : { shape, optional: false };
    // Anything else has no value for those who have not heard of it.
    const { kind } = slot.shape;
    const isPlain = kind === "bool" || kind === "number" || kind === "string";
    if (version > 0 && !isPlain) slot = { ...slot, optional: true };
    const demands = slot.shape.kind === "defined" ? {} : this.demands(slot);
    const hasDemands = Object.keys(demands).length > 0;
    // A missing one is 0 or empty for who reads it, whatever the bounds are.
    if (version > 0 && hasDemands) slot = { ...slot, optional: true };
    const mayDefault = !noDefault && !slot.optional && !hasDemands && random.oneIn(4);
    const standard = mayDefault ? this.#default(slot.shape) : undefined;
    return { ...slot, name, demands, minVersion: version, default: standard };
  }

  #default(shape: Shape): Member["default"] {
    const random = this.#random;
    switch (shape.kind) {
      case "bool":
        return random.oneIn(2)
          ? { text: "true", value: true }
          : { text: "false", value: false };
      case "string":
        return random.pick([
          { text: '""', value: "" },
          { text: '"some text"', value: "some text" },
          { text: '"a \\"quoted\\" å"', value: 'a "quoted" å' },
        ]);
      case "number":
        return this.#numberDefault(shape.number);
      case "defined": {
        const { to } = shape;
        if (to.kind === "struct" && isDefaultable(to)) return defaultOf(to);
        if (to.kind !== "enum") return undefined;
        const { name, value } = random.pick(to.values);
        return { text: `${to.name}.${name}`, value };
      }
      default:
        return undefined;
    }
  }

  #numberDefault(number: NumberKind): Member["default"] {
    const random = this.#random;
    if (number === "f32" || number === "f64") {
      return random.pick([
        { text: "1.5", value: 1.5 },
        { text: "-2", value: -2 },
        { text: "0", value: 0 },
        { text: "1e3", value: 1000 },
      ]);
    }
    const isSigned = number[0] === "i";
    const value = isSigned && random.oneIn(2)
      ? -1 - random.below(100)
      : random.below(100);
    const text = value >= 0 && random.oneIn(2) ? `0x${value.toString(16)}` : `${value}`;
    return { text, value: number === "i64" || number === "u64" ? BigInt(value) : value };
  }

  /** A type that is there or not. */
  slot(depth: number): Slot {
    const random = this.#random;
    if (this.promised.length > 0 && random.oneIn(10)) {
      return {
        shape: { kind: "defined", to: random.pick(this.promised) },
        optional: true,
      };
    }
    return { shape: this.shape(depth), optional: random.oneIn(4) };
  }

  /** A type that is not made of others. */
  leaf(): Shape {
    const random = this.#random;
    switch (random.below(8)) {
      case 0:
        return { kind: "bool" };
      case 1:
      case 2:
        return { kind: "string" };
      case 3:
        return { kind: "bytes" };
      default:
        return { kind: "number", number: random.pick(NUMBERS) };
    }
  }

  /** A type, of which some are made of others at some depth. */
  shape(depth: number): Shape {
    const random = this.#random;
    switch (random.below(depth > 2 ? 8 : 14)) {
      case 0:
        return { kind: "pipe" };
      case 1:
      case 2:
        if (this.complete.length > 0) {
          return { kind: "defined", to: random.pick(this.complete) };
        }
        return { kind: "string" };
      case 8:
      case 9: {
        const size = random.oneIn(3) ? 1 + random.below(9) : undefined;
        return { kind: "array", item: this.#item(depth + 1, size === undefined), size };
      }
      case 10:
        return { kind: "map", key: this.#key(), value: this.#item(depth + 1, true) };
      default:
        return this.leaf();
    }
  }

  /** What is in an array or a map, which may hold what is not complete when it `mayBeEmpty`. */
  #item(depth: number, mayBeEmpty: boolean): Slot {
    const random = this.#random;
    if (mayBeEmpty && this.promised.length > 0 && random.oneIn(4)) {
      return {
        shape: { kind: "defined", to: random.pick(this.promised) },
        optional: random.oneIn(3),
      };
    }
    return this.slot(depth);
  }

  #key(): Slot {
    const random = this.#random;
    const enums = this.complete.filter(({ kind }) => kind === "enum");
    const shape: Shape = random.oneIn(4) && enums.length > 0
      ? { kind: "defined", to: random.pick(enums) }
      : random.oneIn(2)
      ? { kind: "string" }
      : random.oneIn(6)
      ? { kind: "bool" }
      : { kind: "number", number: random.pick(INTEGERS) };
    return { shape, optional: false };
  }

  /** What attributes may demand of it. */
  demands({ shape }: Slot): Demands {
    const random = this.#random;
    if (!random.oneIn(4)) return {};
    switch (shape.kind) {
      case "number": {
        const is64 = shape.number === "i64" || shape.number === "u64";
        if (is64 && random.oneIn(2)) return { jsNumber: true };
        const min = random.below(20), max = min + 1 + random.below(100);
        const of = (value: number) => is64 ? BigInt(value) : value;
        if (random.oneIn(3)) return { max: of(max) };
        return random.oneIn(2) ? { min: of(min) } : { min: of(min), max: of(max) };
      }
      case "string":
        if (random.oneIn(3)) return { pattern: "[a-z]{1,6}" };
        return random.oneIn(2)
          ? { maxLength: random.below(2000) }
          : { minLength: random.below(20), maxLength: 20 + random.below(20) };
      case "bytes":
        return { minLength: random.below(4), maxLength: 4 + random.below(20) };
      case "map": {
        return { maxLength: random.below(6) };
      }
      case "array":
        if (shape.size !== undefined) return {};
        return { minLength: 0, maxLength: random.below(6) };
      default:
        return {};
    }
  }
}
