/**
 * What has to hold for each schema: values arrive as they were, each has one encoding, and two versions
 * of a schema understand each other.
 *
 * @module
 */
import { createMessagePipe, MessagePipe, Receiver, Remote, Signal } from "@mage/ipc";
import { BadMessageError } from "../../../core/errors.ts";
import { methodName } from "../../../idl/meaning/naming.ts";
import { Random } from "../../sim/random.ts";
import { Mutator } from "../../fuzz/mutator.ts";
import { type Encoded, Generated } from "./generated.ts";
import { evolve, randomSchema } from "./random_schema.ts";
import { referenceMessage } from "./reference_encoder.ts";
import {
  definitionsOf,
  type InterfaceDefinition,
  type Member,
  type MethodShape,
  type ReplyShape,
  type Schema,
  type Slot,
  type StructDefinition,
  type UnionDefinition,
} from "./schema.ts";
import { sourcesOf } from "./source.ts";
import { difference } from "./difference.ts";
import { tsName, ValueMaker } from "./values.ts";
import { loosen, seen, seenMembers } from "./views.ts";

type Fields = Record<string, unknown>;
type Call = (...args: unknown[]) => unknown;

/** A schema and its code. */
interface Side {
  readonly schema: Schema;
  readonly code: Generated;
}

/** Changed messages for each one. */
const MUTANTS = 8;

/** Something that has to hold does not. */
export class TrialError extends Error {
  override readonly name = "TrialError";
}

/** Puts one schema to the test. */
export class Trial {
  readonly #random: Random;
  readonly #values: ValueMaker;
  readonly #mutator: Mutator;
  readonly #rounds: number;
  /** Ends of pipes that were values, and the other ends. */
  readonly #ends = new Map<object, MessagePipe>();

  /** Makes values that `seed` decides, `rounds` of each type. */
  constructor(seed: number, rounds: number) {
    const random = this.#random = new Random(seed);
    this.#rounds = rounds;
    this.#mutator = new Mutator(random);
    this.#values = new ValueMaker(random, () => {
      const [kept, given] = createMessagePipe();
      this.#ends.set(given, kept);
      return given;
    });
  }

  /** Plays a schema and a newer version of it. Returns how many values there were. */
  async play(old: Schema, seed: number): Promise<number> {
    const newer = evolve(old, seed);
    const before = { schema: old, code: await Generated.load(sourcesOf(old)) };
    const after = { schema: newer, code: await Generated.load(sourcesOf(newer)) };
    const sides = [[before, before], [before, after], [after, before]] as const;
    let count = 0;
    for (const [writer, reader] of sides) {
      const definitions = definitionsOf(writer.schema);
      for (const definition of definitions.values()) {
        const other = definitionsOf(reader.schema).get(definition.name)!;
        for (let round = 0; round < this.#rounds; round++, count++) {
          try {
            if (definition.kind === "struct" || definition.kind === "union") {
              this.#codec(definition, other as typeof definition, writer, reader);
            } else if (definition.kind === "interface") {
              await this.#calls(definition, other as typeof definition, writer, reader);
            } else count--;
          } catch (error) {
            const versions = writer === reader
              ? ""
              : writer === after
              ? ", to older"
              : ", to newer";
            const what = error instanceof TrialError
              ? error.message
              : (error as Error).stack;
            throw new TrialError(`${definition.name}${versions}: ${what}`, {
              cause: error,
            });
          } finally {
            for (const end of this.#ends.values()) end.close();
            this.#ends.clear();
          }
        }
      }
    }
    return count;
  }

  #codec<D extends StructDefinition | UnionDefinition>(
    definition: D,
    other: D,
    writer: Side,
    reader: Side,
  ): void {
    const { name } = definition;
    const slot: Slot = { shape: { kind: "defined", to: definition }, optional: false };
    const slotThere: Slot = { shape: { kind: "defined", to: other }, optional: false };
    const value = this.#values.value(slot);
    const message = writer.code.encode(name, value);
    const arrived = reader.code.decode(name, message);
    insistSame(arrived, seen(value, slot, slotThere), "decoded");
    if (writer !== reader) {
      // What nobody reads is closed, and nothing else is.
      const read = new Set(pipesOf(arrived));
      for (const handle of message.handles) {
        const { satisfied } = this.#ends.get(handle)!.signals;
        const isClosed = (satisfied & Signal.PEER_CLOSED) !== 0;
        insist(
          isClosed !== read.has(handle),
          isClosed ? "closed a pipe" : "left a pipe open",
        );
      }
      return;
    }
    const reference = referenceMessage(slot, value);
    insistSame(message.bytes, reference.bytes, "encoded");
    insistSame(message.handles, reference.handles, "attached");
    const again = writer.code.encode(name, arrived);
    insistSame(again.bytes, message.bytes, "encoded again");
    insistSame(again.handles, message.handles, "attached again");
    const loose = writer.code.encode(name, loosen(value, slot, this.#random));
    insistSame(loose.bytes, message.bytes, "encoded from other words for it");
    for (let i = 0; i < MUTANTS; i++) {
      const bytes = this.#mutator.mutate(message.bytes, [reference.bytes]);
      this.#mutant(name, { bytes, handles: message.handles }, writer.code);
    }
  }

  /** What is nearly a message is a bad one, or another one. */
  #mutant(name: string, message: Encoded, code: Generated): void {
    let value: unknown;
    try {
      value = code.decode(name, message);
    } catch (error) {
      if (error instanceof BadMessageError) return;
      throw error;
    }
    // It may have held parts of later versions, which nobody reads: what is left says the same.
    const again = code.encode(name, value);
    insistSame(code.decode(name, again), value, "decoded again");
  }

  async #calls(
    definition: InterfaceDefinition,
    other: InterfaceDefinition,
    writer: Side,
    reader: Side,
  ): Promise<void> {
    const { name } = definition;
    const [near, far] = createMessagePipe();
    let answer: unknown, hear: Call = () => {};
    const impl: Record<string, Call> = {};
    for (const { name } of other.methods) {
      impl[methodName(name).name] = (...args) => {
        hear(args);
        return answer;
      };
    }
    using receiver = new Receiver(reader.code.interface(name), impl, far);
    using remote = new Remote(writer.code.interface(name), near);
    const call = remote as unknown as Record<string, Call>;
    const over = remote.$.closed.then((reason) => {
      throw reason;
    });
    over.catch(() => {});
    for (const method of definition.methods) {
      const there = other.methods.find((there) => first(there) === first(method));
      // What the other side has never heard of is not called.
      if (there === undefined) continue;
      const args = this.#values.members(method.parameters);
      const reply = there.reply && this.#reply(there.reply);
      answer = reply?.given;
      const heard = new Promise<unknown[]>((resolve) => hear = resolve as Call);
      const got = settled(
        method.reply,
        call[methodName(method.name).name]!(
          ...method.parameters.map((member) => args[tsName(member)]),
        ),
      );
      const both = Promise.all([heard, got]);
      const [received, result] = await Promise.race([both, over]);
      insistHeard(received, args, method, there);
      if (reply === undefined) continue;
      insistSame(result, reply.seenBy(method.reply!), `reply of ${method.name}`);
    }
    await this.#events(definition, other, receiver, remote, over);
  }

  /** Something to answer, and what whoever calls sees of it. */
  #reply(reply: ReplyShape): { given: unknown; seenBy(other: ReplyShape): unknown } {
    const random = this.#random;
    switch (reply.kind) {
      case "values": {
        const given = this.#values.members(reply.values);
        return {
          given: reply.values.length === 0 ? undefined : given,
          seenBy: (other) => {
            const { values } = other as typeof reply;
            return values.length === 0
              ? undefined
              : seenMembers(given, reply.values, values);
          },
        };
      }
      case "stream": {
        const given = Array.from(
          { length: random.below(4) },
          () => this.#values.value(reply.item),
        );
        return {
          given,
          seenBy: (other) =>
            given.map((item) => seen(item, reply.item, (other as typeof reply).item)),
        };
      }
      case "result": {
        if (random.oneIn(3)) {
          const error = this.#values.value(reply.error);
          return {
            given: { ok: false, error },
            seenBy: (other) => ({
              ok: false,
              error: seen(error, reply.error, (other as typeof reply).error),
            }),
          };
        }
        const { ok } = reply;
        if (!Array.isArray(ok)) {
          const value = this.#values.value(ok as Slot);
          return {
            given: { ok: true, value },
            seenBy: (other) => ({
              ok: true,
              value: seen(value, ok as Slot, (other as typeof reply).ok as Slot),
            }),
          };
        }
        const value = ok.length === 0 ? undefined : this.#values.members(ok);
        return {
          given: { ok: true, value },
          seenBy: (other) => ({
            ok: true,
            value: value &&
              seenMembers(value, ok, (other as typeof reply).ok as Member[]),
          }),
        };
      }
    }
  }

  /** Events go the other way: it is the receiver's side that writes them. */
  async #events(
    { events }: InterfaceDefinition,
    other: InterfaceDefinition,
    receiver: unknown,
    remote: unknown,
    over: Promise<never>,
  ): Promise<void> {
    if (events.length === 0) return;
    const { emit } = receiver as { emit: Record<string, Call> };
    const { $ } = remote as { $: { events: Record<string, (hear: Call) => () => void> } };
    for (const sent of other.events) {
      const there = events.find(({ name }) => name === sent.name);
      if (there === undefined) continue;
      const name = methodName(sent.name).name;
      const args = this.#values.members(sent.parameters);
      const heard = new Promise<unknown[]>((resolve) => {
        const stop = $.events[name]!((...received) => {
          stop();
          resolve(received);
        });
      });
      emit[name]!(...sent.parameters.map((member) => args[tsName(member)]));
      insistHeard(await Promise.race([heard, over]), args, sent, there);
    }
  }
}

function insistHeard(
  heard: readonly unknown[],
  args: Fields,
  sent: MethodShape,
  there: MethodShape,
): void {
  const expected = seenMembers(args, sent.parameters, there.parameters);
  const got = Object.fromEntries(
    there.parameters.map((member, i) => [tsName(member), heard[i]]),
  );
  insistSame(got, expected, `arguments of ${sent.name}`);
}

/** The first name that a method had. */
function first({ name, renamedFrom }: MethodShape): string {
  return renamedFrom ?? name;
}

/** What a call comes to, as far as its schema says. */
async function settled(reply: ReplyShape | undefined, result: unknown): Promise<unknown> {
  if (reply?.kind !== "stream") return await result;
  const items: unknown[] = [];
  for await (const item of result as AsyncIterable<unknown>) items.push(item);
  return items;
}

/** The pipes in a value. */
function pipesOf(value: unknown): object[] {
  if (typeof value !== "object" || value === null) return [];
  if (value instanceof MessagePipe) return [value];
  if (value instanceof Map) return [...value.values()].flatMap(pipesOf);
  return ArrayBuffer.isView(value) ? [] : Object.values(value).flatMap(pipesOf);
}

function insist(condition: boolean, what: string): asserts condition {
  if (!condition) throw new TrialError(what);
}

function insistSame(one: unknown, other: unknown, what: string): void {
  // A pipe that was sent is another one where it arrives.
  const isSame = (one: object, other: object) =>
    one instanceof MessagePipe && other instanceof MessagePipe;
  const found = difference(one, other, isSame);
  insist(found === null, `${what}: ${found}`);
}

/** What a seed comes to: how many values were sent. Throws what the seed has found. */
export async function playSeed(seed: number, rounds = 4): Promise<number> {
  return await new Trial(seed, rounds).play(randomSchema(seed), seed);
}
