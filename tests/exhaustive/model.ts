/**
 * What people may expect of pipes: who holds which end, and what was written to it and read from it.
 *
 * @module
 */
import type { Port } from "../../core/ports/port.ts";

/** Where an end is that no node holds. */
export const IN_MESSAGE = -1, CLOSED = -2, DEAD = -3;

/** One that was sent. */
export interface Message {
  readonly id: number;
  readonly attached: readonly End[];
}

/** One direction of a pipe, in the model. */
export interface Stream {
  readonly messages: Message[];
  read: number;
  reader: End;
}

/** One end of a pipe, in the model. */
export class End {
  readonly name: string;
  peer!: End;
  out!: Stream;
  in!: Stream;
  node: number;
  port: Port | null = null;
  /** In a message: what it is a message of. */
  carrier: Stream | null = null;

  constructor(name: string, node: number) {
    this.name = name;
    this.node = node;
  }
}

/**
 * Whether `end` is in a message that nobody can ever read: because the pipe it is on leads, message
 * within message, to a closed end, or back to itself. `null` when somebody can, or it is not in one.
 */
export function carrierOf(end: End): "closed" | "cycle" | null {
  const seen = new Set<End>();
  let at = end;
  while (at.node === IN_MESSAGE) {
    if (seen.has(at)) return "cycle";
    seen.add(at);
    at = at.carrier!.reader;
  }
  return at !== end && (at.node === CLOSED || at.node === DEAD) ? "closed" : null;
}

/** Stops: a promise is broken. */
export function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}
