/**
 * Messages that generated code reads. What it takes, it would write in the same way: no two messages
 * say the same.
 *
 * @module
 */
import type { Incoming, Interface } from "../../../core/bindings/generated_v1.ts";
import { MessagePipe } from "../../../core/bindings/generated_v1.ts";
import { BadMessageError } from "../../../core/errors.ts";
import { Decoder } from "../../../core/wire/decoder.ts";
import { Encoder, MessageFlag } from "../../../core/wire/encoder.ts";
import { Switchboard } from "../../core/bindings/switchboard.magen.ts";
import { EveryType } from "../../idl/golden/every_type.magen.ts";
import type { Random } from "../../sim/random.ts";
import { insist, type Tally, type Target } from "../campaign.ts";
import { Mutator } from "../mutator.ts";

const ROUND = 64, MAX_FRAME_BYTES = 1 << 20;

/** An encoded message. */
interface Message {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly handles: readonly object[];
}

/** A message that was read: which method, with what. */
interface Reading {
  readonly method: string;
  readonly args: readonly unknown[];
}

type Decode = (decoder: Decoder) => unknown;
type Encode = (encoder: Encoder, value: unknown) => void;

/** Calls an interface without pipes, and reads calls. */
class Parrot {
  readonly methods: readonly string[];
  readonly #iface: Interface<object>;
  readonly #encoder = new Encoder(MAX_FRAME_BYTES, 1024);
  readonly #decoder = new Decoder();
  readonly #remote: Record<string, (...args: readonly unknown[]) => unknown>;
  readonly #impl: Record<string, (...args: unknown[]) => unknown> = {};
  readonly #replies: Map<number, { decode: Decode; encode: Encode | null }> = new Map();
  #written: Message | null = null;
  #reading: Reading | null = null;

  constructor(of: unknown) {
    const iface = this.#iface = of as Interface<object>;
    const { prototype } = iface.Remote;
    this.methods = Object.getOwnPropertyNames(prototype)
      .filter((name) => name !== "constructor");
    for (const method of this.methods) {
      this.#impl[method] = (...args) => void (this.#reading = { method, args });
    }
    const answer = Promise.resolve();
    this.#remote = Object.create(prototype, {
      $begin: {
        value: (method: number, twoWay: boolean) =>
          this.#begin(method, twoWay ? MessageFlag.ExpectsReply : 0),
      },
      $send: { value: () => this.#take() },
      $call: {
        value: (_encoder: Encoder, method: number, decode: Decode) => {
          if (!this.#replies.has(method)) {
            this.#replies.set(method, { decode, encode: null });
          }
          this.#take();
          return answer;
        },
      },
    });
  }

  #begin(method: number, flags: number): Encoder {
    const encoder = this.#encoder;
    encoder.beginMessage(0, method, flags);
    encoder.owner = {
      attach: (_: Encoder, value: MessagePipe) => encoder.handle(value),
    };
    return encoder;
  }

  #take(): void {
    const encoder = this.#encoder;
    encoder.finishMessage(0);
    this.#written = {
      bytes: encoder.bytes.slice(0, encoder.at),
      handles: encoder.handles.slice(),
    };
    encoder.open = false;
    encoder.at = encoder.start = 0;
  }

  /** The message that calls a method. */
  call({ method, args }: Reading): Message {
    this.#remote[method]!(...args);
    return this.#written!;
  }

  /** Reads a call. Throws when it is bad. */
  read({ bytes, handles }: Message): Reading {
    const decoder = this.#decoder, view = new DataView(bytes.buffer);
    decoder.begin(bytes, view, 0, bytes.length, handles);
    // What the methods of these interfaces need of it.
    const call: Partial<Incoming> = {
      method: decoder.method,
      decoder,
      accept: () => decoder.finish(),
      reply: (_result, encode) => {
        const reply = this.#replies.get(decoder.method);
        if (reply !== undefined) reply.encode = encode as Encode;
      },
      done: () => {},
      unknownMethod: () => {
        throw new BadMessageError("unknown-method", 0);
      },
    };
    this.#iface.dispatch(this.#impl, call as Incoming);
    return this.#reading!;
  }

  /** The reply that carries `value`; `null` when the method has none, or was never called. */
  answer(method: number, value: unknown): Message | null {
    const encode = this.#replies.get(method)?.encode;
    if (!encode) return null;
    encode(this.#begin(method, MessageFlag.Reply), value);
    this.#take();
    return this.#written!;
  }

  /** Reads a reply. Throws when it is bad. */
  readAnswer(method: number, { bytes, handles }: Message): unknown {
    const decoder = this.#decoder, view = new DataView(bytes.buffer);
    decoder.begin(bytes, view, 0, bytes.length, handles);
    const value = this.#replies.get(method)!.decode(decoder);
    decoder.finish();
    return value;
  }
}

/** Values that a parameter of that name and method may have. */
class Values {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  call(): { readonly on: "every" | "board"; readonly reading: Reading } {
    const random = this.#random;
    const text = () => this.#text(), pipe = () => this.#pipe();
    const int = () => random.pick([0, 1, -1, 0x7fff_ffff, random.next() | 0]);
    const bytes = () => new Uint8Array(random.below(20)).fill(random.next());
    const some = <T>(make: () => T): T | undefined =>
      random.oneIn(3) ? undefined : make();
    const many = <T>(make: () => T): T[] =>
      Array.from({ length: random.pick([0, 1, 2, 9]) }, make);
    const bool = () => random.oneIn(2), u8 = () => random.below(256);
    const long = () => BigInt(random.next()) << 32n | BigInt(random.next());
    const every = (method: string, args: readonly unknown[]) => ({
      on: "every" as const,
      reading: { method, args },
    });
    const board = (method: string, args: readonly unknown[]) => ({
      on: "board" as const,
      reading: { method, args },
    });
    switch (random.below(8)) {
      case 0:
        return every("numbers", [
          ...[u8() - 128, u8(), u8(), u8(), int(), random.next()],
          ...[-long() >> 1n, long(), 0.5, random.next() / 7],
        ]);
      case 1:
      case 2:
        return every("optionals", [
          ...[some(bool), some(int), some(text), some(bytes), some(pipe)],
          ...[some(() => many(int)), bool(), some(u8), some(bool), some(bool)],
        ]);
      case 3:
      case 4:
        return every("arrays", [
          ...[many(bool), many(() => some(bool)), many(text), many(() => some(text))],
          ...[many(bytes), many(pipe), many(() => some(pipe)), many(() => some(long))],
          many(() => many(int)),
          many(() => some(() => many(() => some(() => many(() => some(bool)))))),
        ]);
      case 5:
        return board("swapAll", [many(pipe), many(text)]);
      case 6:
        return board("echo", [text(), bytes()]);
      default:
        return board("note", [text()]);
    }
  }

  #text(): string {
    return this.#random.pick(["", "a", "plain text", "å∂😀", "b".repeat(1025)]);
  }

  #pipe(): MessagePipe {
    // Only its class is looked at, and what is skipped is closed.
    return Object.create(MessagePipe.prototype, { close: { value: () => {} } });
  }
}

const NAMES = [..."abcdefghij"];

/** Whether reading such a value loses bits: a NaN has many spellings. */
function isVague(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isVague);
  if (typeof value === "number") return Number.isNaN(value);
  return value !== null && typeof value === "object" && !(value instanceof Uint8Array) &&
    Object.values(value).some(isVague);
}

function insistSame(one: Message, other: Message): void {
  for (let i = 0; i < Math.max(one.bytes.length, other.bytes.length); i++) {
    // The flags and the numbers of method and request are not for generated code to look at.
    if (i === 1 || i >= 4 && i < 12) continue;
    insist(
      one.bytes[i] === other.bytes[i],
      `byte ${i} was ${one.bytes[i]} and would be written as ${other.bytes[i]}`,
    );
  }
  insist(
    one.handles.every((handle, i) => handle === other.handles[i]),
    "handles changed",
  );
}

function attempt(read: () => void): string | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof BadMessageError) return error.rule;
    throw error;
  }
}

/** `Decoder`, through generated code. */
export const valueTarget: Target = {
  name: "value",
  round(random: Random, tally: Tally): void {
    const parrots = { every: new Parrot(EveryType), board: new Parrot(Switchboard) };
    const values = new Values(random), mutator = new Mutator(random);
    let last: Uint8Array[] = [];
    for (let i = 0; i < ROUND; i++) {
      const { on, reading } = values.call(), parrot = parrots[on];
      const { bytes, handles } = parrot.call(reading);
      const asReply = on === "every" && random.oneIn(3);
      let valid = bytes;
      const method = new DataView(bytes.buffer).getUint32(4, true);
      if (asReply) {
        parrot.read({ bytes, handles });
        const names = reading.args.map((arg, i) => [NAMES[i]!, arg]);
        valid = parrot.answer(method, Object.fromEntries(names))!.bytes;
      }
      const mutated = random.oneIn(8) ? valid : mutator.mutate(valid, last);
      last = [valid];
      const input = { bytes: mutated, handles };
      let seen: unknown = null;
      tally.begin();
      const rule = attempt(() => {
        seen = asReply ? parrot.readAnswer(method, input) : parrot.read(input);
      });
      tally.done(rule);
      if (rule !== null || isVague(asReply ? seen : (seen! as Reading).args)) continue;
      insistSame(
        input,
        asReply ? parrot.answer(method, seen)! : parrot.call(seen! as Reading),
      );
    }
  },
};
