/**
 * Values of random schemas: whatever TypeScript may say.
 *
 * @module
 */
import type { NumberKind } from "../../../idl/builtin.ts";
import { lowerCamel, memberName } from "../../../idl/meaning/naming.ts";
import type { Random } from "../../sim/random.ts";
import { type Demands, isNumeric, type Member, resolve, type Slot } from "./schema.ts";

type Fields = Record<string, unknown>;
type TypedArray = ArrayLike<number | bigint> & Iterable<number | bigint>;

const TYPED_ARRAYS: Readonly<
  Record<NumberKind, new (items: Iterable<never>) => TypedArray>
> = {
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  f32: Float32Array,
  f64: Float64Array,
};
const BITS: Readonly<Record<NumberKind, number>> = {
  ...{
    i8: 8,
    u8: 8,
    i16: 16,
    u16: 16,
    i32: 32,
    u32: 32,
    i64: 64,
    u64: 64,
    f32: 32,
    f64: 64,
  },
};
const FLOATS = [
  0,
  -0,
  NaN,
  Infinity,
  -Infinity,
  0.5,
  -1.5,
  1e30,
  -1e-30,
  1,
  255,
  2 ** 24 + 1,
];
const TEXTS = [
  ...[
    "",
    "a",
    "plain text",
    "\u0000",
    "\u007f",
    "\u0080",
    "\ufffd",
    "\ufeffmark",
    "ø",
    "日本語",
  ],
  ...["😀", "a😀b", "e\u0301", "\ud83d\ude00\ud83d\ude00", "\u2028\u2029"],
];
const MAX_DEPTH = 6;

/** Makes values. */
export class ValueMaker {
  readonly #random: Random;
  readonly #makePipe: () => object;
  /** How much more there may be in one value. */
  #left = 0;

  constructor(random: Random, makePipe: () => object) {
    this.#random = random;
    this.#makePipe = makePipe;
  }

  /** A value as it comes out of a decoder. */
  value(slot: Slot, demands: Demands = {}): unknown {
    this.#left = this.#random.pick([10, 100, 400]);
    return this.#value(slot, demands, 0);
  }

  /** The values of some members, by name. */
  members(members: readonly Member[], depth = 0): Fields {
    if (depth === 0) this.#left = this.#random.pick([10, 100, 400]);
    const fields: Fields = {};
    for (const member of members) {
      // Now and then nothing but what is said of a missing group, so that there is none.
      const value = member.minVersion > 0 && this.#random.oneIn(2)
        ? missing(member)
        : this.#value(member, member.demands, depth);
      fields[tsName(member)] = value;
    }
    return fields;
  }

  #value(slot: Slot, own: Demands, depth: number): unknown {
    const random = this.#random, { shape, optional, demands } = resolve(slot, own);
    this.#left--;
    if (optional && (depth > MAX_DEPTH || this.#left < 0 || random.oneIn(3))) {
      return undefined;
    }
    switch (shape.kind) {
      case "bool":
        return random.oneIn(2);
      case "string":
        return this.#text(demands);
      case "bytes":
        return this.#bytes(demands);
      case "pipe":
        return this.#makePipe();
      case "number":
        return this.#number(shape.number, demands);
      case "array": {
        const length = shape.size ?? this.#length(demands, depth);
        const items = Array.from(
          { length },
          () => this.#value(shape.item, {}, depth + 1),
        );
        if (!isNumeric(shape.item)) return items;
        const item = resolve(shape.item).shape as { number: NumberKind };
        return new TYPED_ARRAYS[item.number](items as never);
      }
      case "map": {
        const map = new Map<unknown, unknown>();
        for (let i = this.#length(demands, depth); i > 0; i--) {
          map.set(
            this.#value(shape.key, {}, depth + 1),
            this.#value(shape.value, {}, depth + 1),
          );
        }
        return map;
      }
      case "defined":
        return this.#defined(shape.to, depth);
    }
  }

  #defined(
    to: Extract<ReturnType<typeof resolve>["shape"], { kind: "defined" }>["to"],
    depth: number,
  ): unknown {
    const random = this.#random;
    switch (to.kind) {
      case "struct":
        return this.members(to.fields, depth + 1);
      case "union": {
        const member = depth > MAX_DEPTH ? to.members[0]! : random.pick(to.members);
        const value = this.#value(member, member.demands, depth + 1);
        return { kind: kindName(member), value };
      }
      case "enum":
        if (to.fallback !== undefined && random.oneIn(4)) return random.next() | 0;
        return random.pick(to.values).value;
      case "bits": {
        let bits = 0n;
        for (const { value } of to.values) if (random.oneIn(2)) bits |= value;
        if (to.isExtensible && random.oneIn(3)) {
          bits |= BigInt.asUintN(BITS[to.base], this.#bits64());
        }
        return to.base === "u64" ? bits : Number(bits);
      }
    }
  }

  #length({ minLength = 0, maxLength = Infinity }: Demands, depth: number): number {
    if (depth > MAX_DEPTH || this.#left < 0) return minLength;
    const length = this.#random.pick([0, 0, 1, 1, 2, 3, 7, 8, 9, depth === 0 ? 100 : 5]);
    return Math.max(minLength, Math.min(length, maxLength));
  }

  #text({ minLength = 0, maxLength = Infinity, pattern }: Demands): string {
    const random = this.#random;
    if (pattern !== undefined) return "azbycx".slice(0, 1 + random.below(6));
    let text = random.pick(TEXTS);
    // Around the length from which on a string is on its own, and bundles that are copied from.
    if (this.#left > 0 && random.oneIn(12)) {
      text = random.pick(["x", "å", "😀", "日"]).repeat(
        random.pick([1023, 1024, 1025, 700, 3000]),
      );
      this.#left -= 40;
    }
    while (text.length < minLength) text += "m";
    if (text.length <= maxLength) return text;
    const short = text.slice(0, maxLength);
    return short.isWellFormed() ? short : "n".repeat(maxLength);
  }

  #bytes({ minLength = 0, maxLength = Infinity }: Demands): Uint8Array {
    const random = this.#random;
    const length = Math.max(
      minLength,
      Math.min(random.pick([0, 1, 8, 20, 300]), maxLength),
    );
    return Uint8Array.from({ length }, () => random.next());
  }

  #bits64(): bigint {
    return BigInt(this.#random.next()) << 32n | BigInt(this.#random.next());
  }

  #number(number: NumberKind, { min, max, jsNumber }: Demands): number | bigint {
    const random = this.#random;
    if (number === "f64" || number === "f32") {
      const value = min !== undefined || max !== undefined
        ? within(random, Number(min ?? -1e9), Number(max ?? 1e9)) + random.pick([0, 0.5])
        : random.oneIn(2)
        ? random.pick(FLOATS)
        : (random.next() - 2 ** 31) / random.pick([1, 3, 7e-300, 1e12]);
      const inside = max === undefined ? value : Math.min(value, Number(max));
      return number === "f32" ? Math.fround(inside) : inside;
    }
    const isSigned = number[0] === "i", bits = BITS[number];
    const isBig = bits === 64 && jsNumber !== true;
    const exact = jsNumber
      ? 2n ** 53n - 1n
      : 2n ** BigInt(isSigned ? bits - 1 : bits) - 1n;
    const low = BigInt(min ?? (!isSigned ? 0n : jsNumber ? -exact : -exact - 1n));
    const high = BigInt(max ?? exact);
    const value = random.pick([
      low,
      high,
      low + 1n,
      BigInt.asUintN(32, this.#bits64()),
      this.#bits64(),
      -this.#bits64(),
      0n,
      1n,
      -1n,
    ]);
    const inside = value < low || value > high
      ? low + BigInt.asUintN(64, value) % (high - low + 1n)
      : value;
    return isBig ? inside : Number(inside);
  }
}

function within(random: Random, min: number, max: number): number {
  return Math.trunc(min) + random.below(Math.max(1, Math.trunc(max - min)));
}

/** What TypeScript calls a member. */
export function tsName({ name }: Member): string {
  return memberName(name).name;
}

/** What TypeScript calls a member of a union: any text will do there. */
export function kindName({ name }: Member): string {
  return lowerCamel(name);
}

/** What a member is for whoever has it, when whoever sent the value has not. */
export function missing(member: Member): unknown {
  if (member.default !== undefined) return member.default.value;
  const { shape, optional, demands } = resolve(member);
  if (optional) return undefined;
  switch (shape.kind) {
    case "bool":
      return false;
    case "string":
      return "";
    case "number":
      return BITS[shape.number] === 64 && shape.number !== "f64" && !demands.jsNumber
        ? 0n
        : 0;
    default:
      throw new Error(`A ${shape.kind} cannot be missing`);
  }
}
