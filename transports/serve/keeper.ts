/**
 * One who keeps something of the operating system, and does with it what is asked over a pipe.
 *
 * Requests are taken one at a time, and the next one once the reply to the last is on its way: who asks
 * without reading the replies is kept waiting, and costs nothing.
 *
 * @module
 */
import type { BadMessageError, IpcError } from "../../core/errors.ts";
import type { DataPipeConsumer } from "../../core/system/data_pipe_consumer.ts";
import type { DataPipeProducer } from "../../core/system/data_pipe_producer.ts";
import { DoorKind, leaveAtDoor } from "../../core/system/door.ts";
import { endOf, type Handle } from "../../core/system/handle.ts";
import { type Message, sourceOf } from "../../core/system/message.ts";
import type { MessagePipe } from "../../core/system/message_pipe.ts";
import type { PlatformHandleType } from "../../core/system/platform_handle.ts";
import type { Ended } from "./kept.ts";
import { closeNative, KEPT, type Native } from "./native.ts";
import { encodeFailure } from "./failure.ts";
import {
  DOOR_BYTES,
  HEAD_BYTES,
  NONCE_BYTES,
  Op,
  Outcome,
  readRequest,
  type Request,
  writeReply,
} from "./wire.ts";

/**
 * LIMIT: the most bytes that a data pipe of a holder may have in it. It may leave both ends here, and what is
 * between them with them.
 */
const MAX_CAPACITY = 1024 * 1024;

/** A reply that tells that it was done. */
export interface Answer {
  readonly arg?: number;
  readonly number?: number;
  readonly body?: Uint8Array;
  /** The message with the body in it, behind room for the head; instead of `body`. */
  readonly message?: Uint8Array<ArrayBuffer>;
  readonly handles?: readonly Handle[];
}

/** What the holder says makes no sense. */
export class BrokenRule extends Error {
  /** The rule that was broken. */
  readonly rule: string;
  /** Makes one. */
  constructor(rule: string) {
    super(rule);
    this.rule = rule;
  }
}

/** The holder asked for what it has no right to: the number of that right. */
export class MissingRight extends Error {
  /** The number. */
  readonly right: number;
  /** Makes one. */
  constructor(right: number) {
    super("a right is missing");
    this.right = right;
  }
}

/** Keeps one thing. */
export abstract class Keeper<N extends Native> {
  /** What it keeps. */
  readonly native: N;
  /** The pipe to whoever has the handle. */
  readonly pipe: MessagePipe;
  /** What it is. */
  abstract readonly type: PlatformHandleType;
  /** Why nobody asks any more, once that is so. */
  readonly ended: Ended;
  /** Whether it was left for somebody, who has it then. */
  #isLeft = false;
  #isShut = false;

  /** Takes over both. */
  constructor(native: N, pipe: MessagePipe) {
    this.native = native;
    this.pipe = pipe;
    this.ended = pipe.closed;
  }

  /** Whether the thing itself can be given away, and as what; `null` when it has to be served. */
  abstract get leaving(): "whole" | "readOnly" | null;
  /** What somebody is told who begins to use it. */
  abstract open(): Answer;
  /** Does what is asked. Resolves to `null` when there is nothing to say. Rejects with why it failed. */
  abstract answer(request: Request, message: Message): Promise<Answer | null>;
  /** Nobody asks any more, but what was asked before may still be under way. */
  abstract abandon(reason: IpcError): void;
  /**
   * All that was asked is done, and nobody asks any more; `null` when that is because something went wrong
   * here. Closes what is kept.
   */
  abstract finish(reason: IpcError | null): Promise<void>;

  /** Closes what is kept, unless that was done. */
  shut(): void {
    if (this.#isShut) return;
    this.#isShut = true;
    closeNative(this.native);
  }

  /** Serves, until nobody is left. */
  async run(): Promise<void> {
    const { pipe } = this;
    let reason: IpcError | null = null;
    this.ended.then((reason) => this.#isLeft || this.abandon(reason));
    try {
      for (let goesOn = true; goesOn;) {
        using message = await pipe.receive();
        if (message === null) reason = await this.ended;
        goesOn = message !== null && await this.#take(message);
      }
    } finally {
      pipe.close();
      if (!this.#isLeft) await this.finish(reason);
    }
  }

  /** Does what a message asks for. Returns whether there is more to do. */
  async #take(message: Message): Promise<boolean> {
    const request = readRequest(message.data, message.handles.length, this.type);
    if (typeof request === "string") return this.#bad(message, request);
    const { op } = request, nonce = op === Op.Open ? NONCE_BYTES : 0;
    if (op === Op.Open && this.leaving !== null) {
      const left = await this.#leave(message, request.body);
      if (left) return false;
    }
    const head = request.body.slice(0, nonce);
    try {
      const answer = op === Op.Open ? this.open() : await this.answer(request, message);
      if (answer !== null) await this.#reply(op, Outcome.Done, head, answer);
      return true;
    } catch (error) {
      if (error instanceof BrokenRule) return this.#bad(message, error.rule);
      const [outcome, answer] = error instanceof MissingRight
        ? [Outcome.Missing, { arg: error.right }]
        : [Outcome.Failed, { body: encodeFailure(error) }];
      await this.#reply(op, outcome, head, answer);
      return true;
    }
  }

  async #reply(
    op: number,
    outcome: number,
    nonce: Uint8Array,
    answer: Answer,
  ): Promise<void> {
    const { arg = 0, number = 0, body = new Uint8Array(0), handles = [] } = answer;
    let bytes = answer.message;
    if (bytes === undefined) {
      bytes = new Uint8Array(HEAD_BYTES + nonce.length + body.length);
      bytes.set(nonce, HEAD_BYTES);
      bytes.set(body, HEAD_BYTES + nonce.length);
    }
    try {
      this.pipe.write(writeReply(bytes, op, outcome, arg, number), handles);
    } catch (error) {
      for (const handle of handles) handle.close();
      throw error;
    }
    await this.pipe.flush();
  }

  /** Leaves what is kept at one of the doors, and waits until it was fetched. Returns whether it was left. */
  async #leave(message: Message, body: Uint8Array): Promise<boolean> {
    const nonce = body.slice(0, NONCE_BYTES), doors = body.subarray(NONCE_BYTES);
    const isReadOnly = this.leaving === "readOnly";
    // TRUST: at home it is the thing itself that is left, with all that it can do, and not a part of it.
    const left = leaveAtDoor(
      this.native,
      isReadOnly ? withoutSelf(doors) : doors,
      endOf(this.pipe).node.names,
      isReadOnly,
    );
    if (left === null) return false;
    if (typeof left === "string") {
      this.#bad(message, left);
      return true;
    }
    this.#isLeft = true;
    try {
      const told = { arg: left.kind, body: left.told };
      await this.#reply(Op.Open, Outcome.Done, nonce, told);
      using more = await this.pipe.receive();
      if (more !== null) this.#bad(more, "request-after-left");
    } finally {
      left.done?.();
    }
    // Elsewhere they have one of their own by now. Here it is this one that was left, and whoever takes it
    // says that it is kept no more: what nobody has taken is closed.
    if (left.kind !== DoorKind.Self || KEPT.get(this.native) === this.pipe) {
      this.shut();
    }
    return true;
  }

  /** What came breaks a rule. */
  #bad(message: Message, rule: string): false {
    endOf(this.pipe).bad(rule, 0, sourceOf(message));
    return false;
  }

  /** Takes a handle on the end of a data pipe out of a message. It breaks a rule when it is no such end. */
  takeEnd<H extends DataPipeProducer | DataPipeConsumer>(
    message: Message,
    kind: abstract new (...args: never[]) => H,
  ): H {
    let end: H;
    try {
      end = message.take(kind);
    } catch (error) {
      throw new BrokenRule((error as BadMessageError).rule);
    }
    const { elementSize, capacity } = end;
    if (elementSize === 1 && capacity <= MAX_CAPACITY) return end;
    end.close();
    throw new BrokenRule("request-capacity");
  }
}

/** The doors among `doors` but the one within an isolate. */
function withoutSelf(doors: Uint8Array): Uint8Array {
  const others: number[] = [];
  for (let at = 0; at < doors.length; at += DOOR_BYTES) {
    if (doors[at] === DoorKind.Self) continue;
    others.push(...doors.subarray(at, at + DOOR_BYTES));
  }
  return new Uint8Array(others);
}
