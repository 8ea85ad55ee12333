/**
 * How something that is no message gets from the process that keeps it to one that was handed it: memory, a
 * descriptor, an open file.
 *
 * No single way does for all of them. So whoever wants it says at which doors it can be given something,
 * and the keeper leaves it at the first where it can, and says so.
 *
 * ```text
 *   who wants it                            the keeper
 *   knocks ---- doors: kind, id, ... ------> leaves it at one of them
 *   takes  <--- kind of door, what to know --
 * ```
 *
 * TRUST: a keeper leaves only what the pipe that the doors came over gives a right to, whoever has that pipe.
 * An id grants nothing; it tells where somebody is.
 *
 * @module
 */
import { Name, type NameSource } from "../names.ts";
import type { Node } from "../ports/node.ts";

/** The numbers of the doors, as they are on the wire: the ways there are, the best first. */
export const DoorKind: {
  /** Within one isolate. */
  readonly Self: 1;
  /** Between the threads of a process: whatever a structured clone shares. */
  readonly Thread: 2;
  /** A descriptor that the child was started with. */
  readonly Birth: 3;
  /** A socket that carries descriptors, for who may call the operating system. */
  readonly Socket: 4;
  /** A directory that the child may reach. */
  readonly Directory: 5;
  /** A way that the child was started with, for the sockets of `node:net`. */
  readonly Channel: 6;
} = { Self: 1, Thread: 2, Birth: 3, Socket: 4, Directory: 5, Channel: 6 };

/** Bytes of a door on the wire: its kind and its id. */
const DOOR_BYTES = 17;
/** How many doors somebody may name. */
const MAX_DOORS = 8;
/** Bytes of what a keeper may tell about what it left. */
const MAX_TOLD_BYTES = 256;

/** One request at one door, of who wants something. */
export interface Knock {
  /** Where it is to be left. */
  readonly id: Name;
  /** Why nothing can have been left, as the end of a sentence for people, if that is known. */
  readonly refusal?: string;
  /** Takes what was left there. Rejects when what was told makes no sense, or nothing is there. */
  take(told: Uint8Array): Promise<unknown>;
  /** Whoever knocked has it, or wants it no more. */
  close(): void;
}

/** What was left at a door. */
export interface Left {
  /** What whoever takes it has to know, 256 bytes at most. */
  readonly told: Uint8Array;
  /** It was taken, or never will be. */
  done?(): void;
}

/** A way by which this process gives and is given things. */
export interface Door {
  /** One of {@linkcode DoorKind}. */
  readonly kind: number;
  /** Asks for `wanted` at this door. `null` where there is no such door, or it is no way for that. */
  knock(node: Node, wanted: Wanted): Knock | null;
  /**
   * Leaves `thing` for who knocked as `id`; new names come from `names`. `null` when this is no way for that.
   * Does not throw.
   */
  leave(thing: unknown, id: Name, names: NameSource, readOnly: boolean): Left | null;
}

/** What somebody wants. */
export interface Wanted {
  /** What it is, in the words of those who keep such things. */
  readonly what: "thread" | "file" | "memory" | "platform";
  /** The name of the memory; `null` for what has none. */
  readonly id: Name | null;
  /** Memory: how many bytes of it. */
  readonly size?: number;
  /** Memory: whether it is only to be read. */
  readonly readOnly?: boolean;
}

const DOORS = new Map<number, Door>();

/** Opens a door for this isolate. The one that was opened last is the one of its kind. */
export function openDoor(door: Door): void {
  DOORS.set(door.kind, door);
}

/** What somebody asks for, at every door there is for it. */
export class Request {
  readonly #knocks = new Map<number, Knock>();

  /** Knocks at every door. */
  constructor(node: Node, wanted: Wanted) {
    for (const door of DOORS.values()) {
      const knock = this.#knocks.size < MAX_DOORS ? door.knock(node, wanted) : null;
      if (knock !== null) this.#knocks.set(door.kind, knock);
    }
  }

  /** Why nothing was left at any of them, for people, if one of them knows. */
  get refusal(): string | undefined {
    const [why] = [...this.#knocks.values()].flatMap(({ refusal }) => refusal ?? []);
    return why;
  }

  /** The doors, as the keeper is told of them, behind `head` bytes for whoever sends them. */
  encode(head: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(head + this.#knocks.size * DOOR_BYTES);
    const view = new DataView(bytes.buffer);
    let at = head;
    for (const [kind, { id }] of this.#knocks) {
      bytes[at] = kind;
      id.write(view, at + 1);
      at += DOOR_BYTES;
    }
    return bytes;
  }

  /** Takes what the keeper has left at the door `kind`. Rejects when there is no such door. */
  async take(kind: number, told: Uint8Array): Promise<unknown> {
    const knock = this.#knocks.get(kind);
    if (knock === undefined || told.length > MAX_TOLD_BYTES) {
      throw new TypeError("it was left where nobody asked for it");
    }
    return await knock.take(told);
  }

  /** It is over, one way or another. */
  close(): void {
    for (const knock of this.#knocks.values()) knock.close();
    this.#knocks.clear();
  }
}

/** What was left at which door. */
export interface LeftAt extends Left {
  /** One of {@linkcode DoorKind}. */
  readonly kind: number;
}

/**
 * Leaves `thing` at the best of the doors that `bytes` names. `null` when it can be left at none of them, and
 * a rule when they make no sense.
 */
export function leaveAtDoor(
  thing: unknown,
  bytes: Uint8Array,
  names: NameSource,
  readOnly: boolean,
): LeftAt | null | string {
  if (bytes.length % DOOR_BYTES !== 0) return "door-size";
  if (bytes.length > MAX_DOORS * DOOR_BYTES) return "door-count";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const ids = new Map<number, Name>();
  for (let at = 0; at < bytes.length; at += DOOR_BYTES) {
    ids.set(view.getUint8(at), Name.read(view, at + 1));
  }
  for (const [kind, id] of [...ids].sort(([one], [other]) => one - other)) {
    const left = DOORS.get(kind)?.leave(thing, id, names, readOnly) ?? null;
    if (left !== null) return { kind, told: left.told, done: () => left.done?.() };
  }
  return null;
}
