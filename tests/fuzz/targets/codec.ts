/**
 * Messages of a large schema, as generated code reads them. What it takes, it would write in the same
 * way, except for what it skips: parts that a newer version of the schema may have.
 *
 * @module
 */
import { MessagePipe } from "../../../core/bindings/generated_v1.ts";
import { BadMessageError } from "../../../core/errors.ts";
import { Decoder } from "../../../core/wire/decoder.ts";
import { Encoder } from "../../../core/wire/encoder.ts";
import {
  $readDelivery,
  $readFailure,
  $readPhoto,
  $readQuery,
  $writeDelivery,
  $writeFailure,
  $writePhoto,
  $writeQuery,
  type Content,
  type Delivery,
  type Failure,
  type Photo,
  type Query,
} from "../../idl/golden/everything.magen.ts";
import { difference } from "../../idl/random/difference.ts";
import type { Random } from "../../sim/random.ts";
import { insist, type Tally, type Target } from "../campaign.ts";
import { Mutator } from "../mutator.ts";

const ROUND = 2048, POOL = 24, MAX_FRAME_BYTES = 1 << 20;
/** Items that one byte of a message may stand for: bits. */
const ITEMS_A_BYTE = 8;

/** Maps inside each other that can still be written: each of them is a map and a union. */
const DEEPEST = 30;
/** Stored where it stands, outside of the bundle. */
const LONG_TEXT = "b".repeat(1025);

/** A kind of message. */
interface Kind {
  make(values: Values): unknown;
  read(decoder: Decoder, label: string): unknown;
  write(encoder: Encoder, value: never, label: string): void;
}

interface Message {
  readonly kind: Kind;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly handles: readonly object[];
}

/** Makes values of the schema. */
class Values {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  photo(depth = 0): Photo {
    const random = this.#random;
    return {
      id: random.pick([1, 77, 2 ** 53 - 1]),
      title: this.#text(),
      takenAt: BigInt(random.next()) << 20n,
      originalBytes: random.next(),
      rating: random.pick([0, 1, 2, 16, 99, -5]),
      level: this.#some(() => random.pick([-2, -1, 0, 1] as const)),
      isPrivate: random.oneIn(2),
      isFavorite: this.#some(() => random.oneIn(2)),
      author: this.#some(() => ({
        name: `n${this.#text()}`.slice(0, 9),
        address: this.#some(() => this.#text()),
        language: this.#some(() => "eo"),
      })),
      exposure: {
        program: random.pick([0, 1] as const),
        value: -6,
        seconds: random.pick([0, 0.5, -0, Infinity]),
        flash: random.oneIn(2),
        speed: 100,
      },
      face: this.#some(() => ({
        corner: { x: -1, y: random.below(9) },
        width: 5,
        height: 65536,
      })),
      turn: random.pick([0, 1, 2, 3] as const),
      horizon: this.#some(() => random.pick([-180, 0.25, 180])),
      background: random.pick(["#000000", "#ff8001"] as const),
      magic: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      histogram: Uint32Array.from(this.#many(() => random.next())),
      place: this.#some(() => Float64Array.of(1.5, -0)),
      depths: Float32Array.of(0.5, 2),
      edits: BigInt64Array.of(-1n, 5n),
      tags: new Map(
        this.#many(() => random.pick(["sea", "été", "9"])).map((tag) => [tag, 0.5]),
      ),
      contents: depth > 2 ? [] : this.#many(() => this.#content(depth + 1)),
      previews: new Map([[64, this.#some(() => new Uint8Array(random.below(9)))], [
        128,
        undefined,
      ]]),
      sources: depth > 1 ? undefined : this.#some(() => [this.photo(2)]),
      note: this.#some(() => this.#text()),
      views: random.pick([0, 0, 3]),
      machineRating: random.pick([2, 2, 3]),
      mask: this.#some(() =>
        this.#many(() => this.#some(() => [true, undefined, false]))
      ),
    };
  }

  #content(depth: number): Content {
    const random = this.#random;
    switch (random.below(depth > 2 ? 3 : 5)) {
      case 0:
        return { kind: "unknown", value: this.#some(() => random.next()) };
      case 1:
        return { kind: "person", value: "å person" };
      case 2:
        return { kind: "legs", value: random.below(9) };
      case 3:
        return { kind: "group", value: this.#many(() => this.#content(depth + 1)) };
      default:
        return { kind: "picture", value: this.photo(depth + 1) };
    }
  }

  failure(): Failure {
    const random = this.#random;
    switch (random.below(3)) {
      case 0:
        return { kind: "notFound", value: this.#text() };
      case 1:
        return { kind: "missingRight", value: random.below(8) };
      default: {
        const texts = new Map(
          ([-2, 0, 1] as const).map((level) => [level, this.#text()]),
        );
        return {
          kind: "limit",
          value: { max: 5n, actual: this.#some(() => 0.1), texts },
        };
      }
    }
  }

  query(depth = 0): Query {
    const random = this.#random;
    switch (random.below(depth > 3 ? 2 : 4)) {
      case 0:
        return { kind: "anything", value: {} };
      case 1:
        return { kind: "tag", value: "sea" };
      case 2:
        return {
          kind: "all",
          value: new Map(["a", "b"].map((key) => [key, this.query(depth + 1)])),
        };
      default:
        return { kind: "either", value: [this.query(depth + 1), this.query(depth + 2)] };
    }
  }

  /** Nearly as deep as it may be. */
  deepQuery(): Query {
    let query = this.query(9);
    for (let i = 0; i < DEEPEST; i++) {
      query = { kind: "all", value: new Map([["k", query]]) };
    }
    return query;
  }

  delivery(): Delivery {
    return {
      label: this.#text(),
      line: this.#some(pipe),
      lines: this.#many(() => this.#some(pipe)),
      watcher: undefined,
      named: this.#some(() => new Map([["one", pipe()]])),
    };
  }

  #text(): string {
    return this.#random.pick(["", "a", "plain", "å∂😀", "", "b", "text", LONG_TEXT]);
  }

  #some<T>(make: () => T): T | undefined {
    return this.#random.oneIn(3) ? undefined : make();
  }

  #many<T>(make: () => T): T[] {
    return Array.from({ length: this.#random.pick([0, 0, 1, 1, 2, 9]) }, make);
  }
}

/** Only its class is looked at, and it is closed when what it came with is skipped. */
function pipe(): MessagePipe {
  return Object.create(MessagePipe.prototype, { close: { value: () => {} } });
}

const QUERY: Kind = {
  make: (values) => values.query(),
  read: $readQuery,
  write: $writeQuery,
};
const KINDS: readonly Kind[] = [
  { make: (values) => values.photo(), read: $readPhoto, write: $writePhoto },
  { make: (values) => values.failure(), read: $readFailure, write: $writeFailure },
  { make: (values) => values.delivery(), read: $readDelivery, write: $writeDelivery },
  QUERY,
];

/** A message of `deepQuery` with one map more around it, which nobody would write. */
function wrapped({ kind, bytes, handles }: Message): Message {
  const view = new DataView(bytes.buffer), stringsAt = view.getUint32(12, true);
  const body = bytes.subarray(16, stringsAt);
  // Tag and size of the union, count of the map, length of its key.
  const words = Uint32Array.of(2, body.length + 8, 1, 1);
  const result = new Uint8Array(bytes.length + words.byteLength + 1);
  result.set(bytes.subarray(0, 16));
  new DataView(result.buffer).setUint32(12, stringsAt + words.byteLength, true);
  result.set(new Uint8Array(words.buffer), 16);
  result.set(body, 32);
  result[32 + body.length] = "k".charCodeAt(0);
  result.set(bytes.subarray(stringsAt), 33 + body.length);
  return { kind, bytes: result, handles };
}

/** Writes and reads messages. */
class Scribe {
  readonly #encoder = new Encoder(MAX_FRAME_BYTES, 4096);
  readonly #decoder = new Decoder();

  constructor() {
    this.#encoder.owner = {
      attach: (encoder: Encoder, value: object) => encoder.handle(value),
    };
  }

  write(kind: Kind, value: unknown): Message {
    const encoder = this.#encoder;
    encoder.beginMessage(0, 0, 0);
    kind.write(encoder, value as never, "value");
    encoder.finishMessage(0);
    const bytes = encoder.bytes.slice(0, encoder.at), handles = encoder.handles.slice();
    encoder.open = false;
    encoder.rewind();
    return { kind, bytes, handles };
  }

  read({ kind, bytes, handles }: Message): unknown {
    const decoder = this.#decoder;
    decoder.begin(bytes, new DataView(bytes.buffer), 0, bytes.length, handles);
    const value = kind.read(decoder, "value");
    decoder.finish();
    return value;
  }
}

/** What of a value takes memory: items and characters. And whether writing it may lose bits. */
class Weight {
  items = 0;
  /** A NaN has many spellings; a member that nobody knows becomes the one that stands for it. */
  isVague = false;

  add(value: unknown): this {
    if (typeof value === "number") this.isVague ||= value !== value;
    else if (typeof value === "string") this.items += value.length;
    if (typeof value !== "object" || value === null) return this;
    if (Array.isArray(value)) {
      this.items += value.length;
      for (const item of value) this.add(item);
    } else if (value instanceof Map) {
      this.items += value.size;
      for (const [key, item] of value) this.add(key).add(item);
    } else if (ArrayBuffer.isView(value)) {
      const list = value as unknown as ArrayLike<unknown>;
      this.items += list.length;
      for (let i = 0; i < list.length; i++) this.isVague ||= list[i] !== list[i];
    } else if (!(value instanceof MessagePipe)) {
      const fields = value as Record<string, unknown>;
      for (const name in fields) this.add(fields[name]);
      this.isVague ||= fields.kind === "unknown" && fields.value === undefined;
    }
    return this;
  }
}

function insistSame(one: Message, other: Message): void {
  const same = one.bytes.length === other.bytes.length;
  for (let i = 0; same && i < one.bytes.length; i++) {
    // The flags and the numbers of method and request are not for generated code to look at.
    if (i === 1 || i >= 4 && i < 12) continue;
    insist(
      one.bytes[i] === other.bytes[i],
      `byte ${i} was ${one.bytes[i]} and would be written as ${other.bytes[i]}`,
    );
  }
  insist(
    one.handles.every((handle, i) => !same || handle === other.handles[i]),
    "handles changed",
  );
}

/** Generated readers and writers. */
export const codecTarget: Target = {
  name: "codec",
  round(random: Random, tally: Tally): void {
    const values = new Values(random),
      mutator = new Mutator(random),
      scribe = new Scribe();
    const pool = Array.from({ length: POOL }, () => {
      const kind = random.pick(KINDS);
      return scribe.write(kind, kind.make(values));
    });
    let deep = scribe.write(QUERY, values.deepQuery());
    for (let i = random.below(5); i > 0; i--) deep = wrapped(deep);
    pool.push(deep);
    const others = pool.map(({ bytes }) => bytes);
    for (let i = 0; i < ROUND; i++) {
      const { kind, bytes, handles } = random.pick(pool);
      const isWhole = random.oneIn(8);
      const mutated = isWhole ? bytes : mutator.mutate(bytes, others);
      if (mutated.length < bytes.length && mutated.length >= 16 && random.oneIn(2)) {
        // A head that knows of it, so that what is cut off is missed further in.
        const view = new DataView(mutated.buffer), strings = view.getUint32(12, true);
        view.setUint32(12, Math.min(strings, mutated.length), true);
      }
      const input: Message = { kind, bytes: mutated, handles };
      let value: unknown, rule: string | null = null;
      tally.begin();
      try {
        value = scribe.read(input);
      } catch (error) {
        if (!(error instanceof BadMessageError)) throw error;
        rule = error.rule;
      }
      tally.done(rule);
      if (rule !== null) continue;
      const { items, isVague } = new Weight().add(value);
      insist(
        items <= mutated.length * ITEMS_A_BYTE,
        `${items} items of ${mutated.length} bytes`,
      );
      const again = scribe.write(kind, value);
      const isShorter = again.bytes.length < mutated.length;
      if (isShorter || isVague) {
        // Something was skipped: what is left has one encoding, and says the same.
        insist(!isWhole || isVague, "a whole message lost something");
        const found = difference(
          scribe.read(again),
          value,
          (one, other) => one === other,
        );
        insist(found === null, `read again: ${found}`);
      } else {
        insist(again.bytes.length === mutated.length, "it would be written as more");
        insistSame(input, again);
      }
    }
  },
};
