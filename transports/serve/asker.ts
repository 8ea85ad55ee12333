/**
 * Asks a keeper, over the pipe to it, and tells which reply is to what: they come in order.
 *
 * @module
 */
import { BadMessageError, MisuseError } from "../../core/errors.ts";
import { endOf, type Handle } from "../../core/system/handle.ts";
import { type Message, sourceOf } from "../../core/system/message.ts";
import type { MessagePipe } from "../../core/system/message_pipe.ts";
import type { PlatformHandleType } from "../../core/system/platform_handle.ts";
import type { Ended } from "./kept.ts";
import { RIGHTS } from "./rights.ts";
import { decodeFailure } from "./failure.ts";
import { HEAD_BYTES, Outcome, readReply, type Reply, writeRequest } from "./wire.ts";

/** A request. */
export interface Question {
  readonly arg?: number;
  readonly number?: number;
  readonly body?: Uint8Array;
  readonly handles?: readonly Handle[];
  /** The most bytes that the reply may be about. */
  readonly most?: number;
}

interface Waiting {
  readonly op: number;
  readonly most: number;
  /** Takes what it wants out of the reply; throws a `BadMessageError` when that makes no sense. */
  readonly hear: (reply: Reply, message: Message) => void;
  readonly reject: (error: unknown) => void;
}

/** Asks one keeper. */
export class Asker {
  /** What the keeper has. */
  readonly type: PlatformHandleType;
  readonly #pipe: MessagePipe;
  readonly #ended: Ended;
  #waiting: Waiting[] = [];
  #isHearing = false;

  /** Takes over the pipe to the keeper, who has just said that it serves. */
  constructor(pipe: MessagePipe, type: PlatformHandleType) {
    this.#pipe = pipe;
    this.#ended = pipe.closed;
    this.type = type;
  }

  /** Whether it was neither closed nor passed on. */
  get isOpen(): boolean {
    return this.#pipe.isHeld;
  }

  /** Whether no reply is missing. */
  get isIdle(): boolean {
    return this.#waiting.length === 0;
  }

  /** The pipe, to be asked what goes into a message. */
  get pipe(): MessagePipe {
    return this.#pipe;
  }

  /** That it was closed, or passed on, before somebody asked. */
  closedError(): Error {
    return new Deno.errors.BadResource(`The ${this.type} was closed or wrapped`);
  }

  /** That it was closed, or passed on, in the middle of something. */
  interruptedError(): Error {
    return new Deno.errors.Interrupted(`The ${this.type} was closed meanwhile`);
  }

  /**
   * The pipe, to be passed on after what is said last.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` if it was closed or passed on; `BUSY` if a reply is missing, or
   * `isBusy`
   */
  checkPassable(isBusy: boolean): MessagePipe {
    const refuse = (result: "INVALID_ARGUMENT" | "BUSY", why: string) =>
      new MisuseError(result, `Cannot wrap ${this.type}: ${why}`);
    if (!this.isOpen) throw refuse("INVALID_ARGUMENT", "it was closed or wrapped");
    if (isBusy || !this.isIdle) throw refuse("BUSY", "it is in the middle of something");
    return this.#pipe;
  }

  /** Says something that has no reply. */
  tell(op: number, { arg, number, body, handles }: Question): void {
    const bytes = new Uint8Array(HEAD_BYTES + (body?.length ?? 0));
    if (body !== undefined) bytes.set(body, HEAD_BYTES);
    this.#pipe.write(writeRequest(bytes, op, arg, number), handles);
  }

  /**
   * Asks, and resolves to what `hear` makes of the reply. Rejects with what the keeper says, or with why it
   * says nothing.
   */
  async ask<T>(
    op: number,
    question: Question,
    hear: (reply: Reply, message: Message) => T,
  ): Promise<T> {
    if (!this.isOpen) throw this.closedError();
    this.tell(op, question);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#waiting.push({
      op,
      most: question.most ?? 0,
      hear: (reply, message) => resolve(hear(reply, message)),
      reject,
    });
    if (!this.#isHearing) this.#hear();
    return await promise;
  }

  /** Closes the pipe. What is under way is interrupted. */
  close(): void {
    this.#pipe.close();
    this.#giveUp(this.interruptedError());
  }

  #giveUp(error: unknown): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(error);
  }

  async #hear(): Promise<void> {
    this.#isHearing = true;
    while (this.#waiting.length > 0) {
      using message = await this.#pipe.receive();
      if (message !== null) this.#heard(message);
      else if (this.isOpen) this.#giveUp(await this.#ended);
    }
    this.#isHearing = false;
  }

  #heard(message: Message): void {
    const next = this.#waiting.shift();
    // Closed since: nobody waits for it.
    if (next === undefined) return;
    const { op, most } = next;
    const reply = readReply(message.data, message.handles.length, op, most);
    try {
      if (typeof reply === "string") throw new BadMessageError(reply, 0);
      if (reply.outcome === Outcome.Done) next.hear(reply, message);
      else next.reject(refusal(reply, this.type));
    } catch (error) {
      // TRUST: a keeper that breaks a rule is asked no more.
      const { rule } = error as BadMessageError;
      endOf(this.#pipe).bad(rule, 0, sourceOf(message));
      next.reject(error);
    }
  }
}

/** What a reply makes of it that tells it was not done. Throws when it breaks a rule. */
export function refusal({ outcome, arg, body }: Reply, type: PlatformHandleType): Error {
  if (outcome === Outcome.Missing) {
    return new MisuseError(
      "PERMISSION_DENIED",
      `Cannot use ${type}: it was wrapped without the right '${RIGHTS[arg]}'`,
    );
  }
  const error = decodeFailure(body);
  if (typeof error === "string") throw new BadMessageError(error, 0);
  return error;
}
