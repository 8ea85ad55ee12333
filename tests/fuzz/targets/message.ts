/**
 * Messages with what is told of the handles in them, as people read them.
 *
 * @module
 */
import { LIMITS } from "../../../core/limits.ts";
import type { Link } from "../../../core/ports/link.ts";
import type { Port } from "../../../core/ports/port.ts";
import { HandleKind } from "../../../core/system/attachments.ts";
import type { Handle } from "../../../core/system/handle.ts";
import { MessagePipe, type NothingToRead } from "../../../core/system/message_pipe.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import "../../../core/system/platform_handle.ts";
import { Signal } from "../../../core/system/signal.ts";
import { BadMessageError } from "../../../core/errors.ts";
import { MESSAGE_TRAILER } from "../../../core/wire/event.ts";
import { forEachFrame } from "../../../core/wire/frame.ts";
import { RECORD_BYTES, TrailerType } from "../../../core/wire/trailer.ts";
import { type Random, seededEnvironment } from "../../sim/random.ts";
import { insist, type Tally, type Target } from "../campaign.ts";
import { Mutator } from "../mutator.ts";
import { insistNothingLeft } from "../siege.ts";

const ROUND = 64, LIMIT = LIMITS.tiny;

/** Who writes what nobody honest does, and who reads it. */
class Duel {
  readonly #random: Random;
  readonly #enemy: NodeRuntime;
  readonly #victim: NodeRuntime;
  readonly #there: Link;
  readonly #back: Link;
  /** The enemy's end of a pipe, and the victim's. */
  #port!: Port;
  #pipe!: MessagePipe;
  /** The number of its question, if it asked. */
  #question = 0;
  readonly #kept: Port[] = [];
  /** Handles that came with messages that were read. */
  #taken: Handle[] = [];

  constructor(random: Random) {
    this.#random = random;
    [this.#enemy, this.#victim] = [1, 2].map(() =>
      new NodeRuntime(seededEnvironment(random.next()), LIMIT)
    ) as [NodeRuntime, NodeRuntime];
    const enemy = this.#enemy.node, victim = this.#victim.node;
    this.#there = enemy.connect(victim.self.name, "peer", LIMIT, LIMIT)!;
    this.#back = victim.connect(enemy.self.name, "peer", LIMIT, LIMIT)!;
    for (const link of [this.#there, this.#back]) {
      link.output.recycle(new Uint8Array(2048));
    }
    this.#lay();
  }

  /** Lays a pipe between the two. Now and then the victim wants to know what is read of what it writes. */
  #lay(): void {
    const enemy = this.#enemy.node, out = this.#there.output;
    const [kept, given] = enemy.createPipe();
    this.#kept.push(kept);
    this.#port = kept;
    out.begin(0);
    enemy.handOver(given, this.#there, out);
    const port = this.#victim.node.takeOver(this.#back, out.view, out.start);
    out.cancel(null);
    this.#pipe = this.#victim.pipeOf(port);
    const { a, b, c, d } = port.name;
    this.#question = a ^ b ^ c ^ d;
    if (this.#random.oneIn(2)) {
      this.#pipe.setQuota("UNREAD_MESSAGE_COUNT", this.#random.below(4));
      for (let i = this.#random.below(4); i > 0; i--) this.#pipe.write(new Uint8Array(9));
    }
    this.#settle();
  }

  /** A question or an answer, nearly as the victim would have it. */
  word(): Uint8Array<ArrayBuffer> {
    const random = this.#random, bytes = new Uint8Array(20);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, random.oneIn(4) ? random.below(3) : this.#question, true);
    const isQuestion = random.oneIn(2);
    view.setUint32(4, isQuestion ? random.below(3) : 0, true);
    view.setUint32(8, random.below(4), true);
    view.setUint8(16, isQuestion ? TrailerType.ReadInterval : TrailerType.ReadCount);
    return bytes;
  }

  /** Data with the records of `count` handles. */
  handles(count: number): Uint8Array<ArrayBuffer> {
    const random = this.#random, size = random.below(20);
    const at = size + count * RECORD_BYTES, bytes = new Uint8Array(at + 4);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < count; i++) {
      const record = size + i * RECORD_BYTES;
      const kind = random.oneIn(4) ? random.below(7) : 1;
      view.setUint8(record, kind);
      if (kind === HandleKind.PlatformHandle) {
        view.setUint8(record + 1, random.below(4));
      } else if (kind === HandleKind.SharedBuffer) {
        view.setUint8(record + 1, random.below(4));
        view.setUint8(record + 2, random.below(4));
        view.setUint32(record + 4, random.below(3), true);
        view.setUint32(record + 8, random.next(), true);
      } else if (random.oneIn(2)) {
        view.setUint32(record + 4, random.below(3), true);
        view.setUint32(record + 8, random.next(), true);
        view.setUint32(record + 16, 2 + random.below(2), true);
        view.setUint32(record + 24, random.below(4), true);
      }
    }
    view.setUint8(at, TrailerType.Handles);
    view.setUint16(at + 2, count, true);
    return bytes;
  }

  /** The enemy writes `payload`, with so many endpoints, some of which hold such a payload themselves. */
  attack(payload: Uint8Array, count: number): void {
    const { node } = this.#enemy, ports: Port[] = [];
    for (let i = 0; i < count; i++) {
      const [kept, sent] = node.createPipe();
      this.#kept.push(kept);
      ports.push(sent);
      if (this.#random.oneIn(4)) this.#write(kept, payload, []);
    }
    this.#write(this.#port, payload, ports);
    this.#settle();
  }

  #write(port: Port, payload: Uint8Array, ports: readonly Port[]): void {
    const { node } = this.#enemy, out = node.beginBytes(port);
    out.need(payload.length);
    out.bytes.set(payload, out.at);
    out.at += payload.length;
    out.handles.push(...ports);
    node.commit(port, out, false, this.#random.oneIn(8) ? 0 : MESSAGE_TRAILER);
  }

  /** The victim reads all there is, one way or another. Returns the rule that was broken. */
  read(): string | null {
    const pipe = this.#pipe, random = this.#random;
    for (;;) {
      const { satisfied, satisfiable } = pipe.signals;
      insist((satisfied & ~satisfiable) === 0, "a signal holds that never can");
      const query = pipe.query(), readable = (satisfied & Signal.READABLE) !== 0;
      insist((query.result === "OK") === readable, `${query.result} at ${satisfied}`);
      if (query.result !== "OK") return this.#over(query);
      const { usage } = pipe.quota("RECEIVE_QUEUE_LENGTH");
      insist(usage > 0, "what can be read is not counted");
      if (random.oneIn(8)) {
        insist(pipe.discard().result === "OK", "what is there cannot be dropped");
        continue;
      }
      const read = pipe.read();
      if (read.result === "SHOULD_WAIT") throw new Error("nothing is there after all");
      if (read.result === "FAILED_PRECONDITION") return this.#over(read);
      const { data, handles } = read.message;
      insist(data.length === query.bytes, `${data.length} bytes, not ${query.bytes}`);
      insist(handles.length === query.handles, "another number of handles");
      switch (random.below(3)) {
        case 0:
          read.message.close();
          break;
        case 1:
          this.#taken.push(...handles);
          break;
        default:
          // Also when the other end of what is in it broke a rule: that is not its holder's doing.
          pipe.write(read.message);
      }
      this.#settle();
    }
  }

  #over(end: NothingToRead): string | null {
    const { usage } = this.#pipe.quota("RECEIVE_QUEUE_LENGTH");
    if (end.result === "SHOULD_WAIT") {
      insist(usage === 0, `${usage} messages cannot be read`);
      return null;
    }
    insist(end.reason instanceof BadMessageError, `it is over: ${end.reason}`);
    insist(this.#pipe.write(new Uint8Array(1)) !== "OK", "it can be written to");
    this.#pipe.close();
    this.#lay();
    return end.reason.rule;
  }

  /** Reads what was taken, and closes it. */
  finish(): void {
    for (const handle of this.#taken.splice(0)) {
      if (handle instanceof MessagePipe && this.#random.oneIn(2)) {
        const read = handle.read();
        if (read.result === "OK") read.message.close();
      }
      handle.close();
    }
    this.#settle();
  }

  #settle(): void {
    for (let moved = true; moved;) {
      const forth = pass(this.#there, this.#victim, this.#back);
      moved = pass(this.#back, this.#enemy, this.#there) || forth;
    }
  }

  /** Insists that nothing is left once all is closed. */
  end(): void {
    this.finish();
    this.#pipe.close();
    for (const port of this.#kept) this.#enemy.node.close(port);
    this.#settle();
    insist(this.#victim.node.ports.size === 0, "ports are left");
    insist(this.#enemy.node.ports.size === 0, "ports are left with the enemy");
    insistNothingLeft(this.#back);
  }
}

function pass(output: Link, { node }: NodeRuntime, input: Link): boolean {
  const taken = output.take();
  if (taken === null) return false;
  const view = new DataView(taken.buffer, 0, taken.length);
  forEachFrame(taken, (start, end) => {
    const rule = node.accept(input, taken, view, start, end);
    insist(rule === null, `the link is dropped: ${rule}`);
  });
  output.written(taken);
  return true;
}

/** `MessagePipe`, and all that looks at the trailers of messages. */
export const messageTarget: Target = {
  name: "message",
  round(random: Random, tally: Tally): void {
    const duel = new Duel(random), mutator = new Mutator(random);
    let last: Uint8Array[] = [];
    for (let i = 0; i < ROUND; i++) {
      const count = random.below(4);
      const payload = random.oneIn(3) ? duel.word() : duel.handles(count);
      const input = random.oneIn(2) ? payload : mutator.mutate(payload, last);
      last = [payload];
      if (input.length > 4096) continue;
      tally.begin();
      duel.attack(input, random.oneIn(8) ? random.below(4) : count);
      tally.done(random.oneIn(4) ? null : duel.read());
      if (random.oneIn(8)) duel.finish();
    }
    duel.end();
  },
};
