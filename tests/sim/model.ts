/**
 * What people may expect of pipes: for each end, the messages that are to be read from it, in order,
 * each with the ends attached to it. The model knows of no node's inside.
 *
 * @module
 */
import type { Port } from "../../core/ports/port.ts";

/** Places of an end that is on no node: see {@linkcode End.place}. */
export const IN_MESSAGE = -1, CLOSED = -2, FUSED = -3, DEAD = -4;

/** What was written once. */
export interface Message {
  /** Unique, and written into the message. */
  readonly id: number;
  /** The end it is to be read from. */
  reader: End;
  readonly attached: readonly End[];
}

/** What the two ends of a pipe have in common. */
export class Pipe {
  /** Nodes that an end has been on since the pipe was last seen to be direct. */
  nodes: Set<number> = new Set();
  /** Why it may be lost, or `null` when it may not. */
  excuse: string | null = null;
  /** Whether a hostile node was ever on it: then only what honest people do is known of it. */
  tainted = false;
  readonly ends: End[] = [];
}

/** One end of a pipe. */
export class End {
  /** For people. */
  readonly name: string;
  /** Unique, and written into messages. */
  readonly id: number;
  /** Decides which end is picked, whatever others there are. */
  readonly key: number;
  pipe: Pipe;
  peer!: End;
  /** All messages for it, those that were read first. */
  inbox: Message[] = [];
  /** How many of them were read. */
  received = 0;
  /** The node it is held on, or one of the places above. */
  place: number;
  port: Port | null;
  /** The message it is attached to, or was last. */
  message: Message | null = null;
  /** Whether its sink was told that nothing more comes. */
  told = false;

  /** Makes an end that nobody holds yet. */
  constructor(name: string, id: number, key: number, pipe: Pipe) {
    this.name = name;
    this.id = id;
    this.key = key;
    this.pipe = pipe;
    this.place = IN_MESSAGE;
    this.port = null;
    pipe.ends.push(this);
  }

  /** Its name. */
  toString(): string {
    return this.name;
  }
}

/**
 * Whether `end` is in a message that nobody can ever read: because the pipe it is on leads, message
 * within message, to an end that is gone, or back to itself. `null` when somebody can, or it is not
 * in one.
 */
export function fateOf(end: End): "gone" | "cycle" | null {
  if (end.place !== IN_MESSAGE) return null;
  const seen = new Set<End>();
  let at = end;
  while (at.place === IN_MESSAGE && at.message !== null) {
    if (seen.has(at)) return "cycle";
    seen.add(at);
    at = at.message.reader;
  }
  return at.place < IN_MESSAGE && at !== end ? "gone" : null;
}

/** The pipe of `end`, and those whose messages it is in, directly or within other ends. */
export function carriers(pipe: Pipe, found: Pipe[] = []): Pipe[] {
  if (found.includes(pipe)) return found;
  found.push(pipe);
  for (const { place, message } of pipe.ends) {
    if (place === IN_MESSAGE && message !== null) carriers(message.reader.pipe, found);
  }
  return found;
}

/**
 * Joins the pipes of `one` and `other`, which are gone afterwards: what was for either and not read
 * goes to whoever is at the far end of the other one.
 */
export function joinPipes(one: End, other: End): void {
  const here = one.peer, there = other.peer;
  one.place = other.place = FUSED;
  one.port = other.port = null;
  if (here === other) return; // A ring without ends.
  for (const [from, to] of [[one, there], [other, here]] as const) {
    for (const message of from.inbox.splice(from.received)) {
      message.reader = to;
      to.inbox.push(message);
    }
  }
  here.peer = there;
  there.peer = here;
  const pipe = here.pipe, merged = there.pipe;
  for (const node of merged.nodes) pipe.nodes.add(node);
  pipe.excuse ??= merged.excuse;
  pipe.tainted ||= merged.tainted;
  for (const end of merged.ends) end.pipe = pipe;
  pipe.ends.push(...merged.ends);
}
