/**
 * A transport within one isolate, with the habits of a socket: little room, short writes, reads that
 * cut frames anywhere. And two nodes joined over it.
 *
 * @module
 */
import { realEnvironment } from "../../../core/environment.ts";
import { LIMITS, type Limits } from "../../../core/limits.ts";
import {
  acceptInvitation,
  type Joined,
  MAIN_PIPE,
  sendInvitation,
} from "../../../core/system/invitation.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import type { Transport } from "../../../core/transport.ts";
import { seededEnvironment } from "../ports/world.ts";

/** How a transport moves bytes. */
export interface MemoryOptions {
  /** Bytes that one write takes at most. */
  readonly writeBytes?: number;
  /** Bytes that are under way at most; more wait, as in a full socket. */
  readonly roomBytes?: number;
}

/** One direction. */
class Lane {
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  ended = false;
  /** Nobody reads any more. */
  broken = false;
  readonly #waiting: (() => void)[] = [];

  async change(): Promise<void> {
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  changed(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** One end. */
export class MemoryTransport implements Transport {
  /** Whether this end was closed. */
  closed = false;
  /** Set to stop taking what the other end writes. */
  paused = false;
  readonly #in: Lane;
  readonly #out: Lane;
  readonly #options: Required<MemoryOptions>;

  constructor(input: Lane, output: Lane, options: MemoryOptions) {
    this.#in = input;
    this.#out = output;
    this.#options = { writeBytes: Infinity, roomBytes: Infinity, ...options };
  }

  /** Goes on reading. */
  resume(): void {
    this.paused = false;
    this.#in.changed();
  }

  async read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    const lane = this.#in;
    while (!this.closed && (this.paused || (lane.bytes.length === 0 && !lane.ended))) {
      await lane.change();
    }
    if (this.closed || lane.bytes.length === 0) return null;
    const count = Math.min(into.length, lane.bytes.length);
    into.set(lane.bytes.subarray(0, count));
    lane.bytes = lane.bytes.slice(count);
    lane.changed();
    return count;
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    const lane = this.#out, { writeBytes, roomBytes } = this.#options;
    while (!this.closed && !lane.broken && lane.bytes.length >= roomBytes) {
      await lane.change();
    }
    if (this.closed || lane.broken) throw new Error("broken pipe");
    const room = Math.min(writeBytes, roomBytes - lane.bytes.length);
    const count = Math.min(bytes.length, room);
    const joined = new Uint8Array(lane.bytes.length + count);
    joined.set(lane.bytes);
    joined.set(bytes.subarray(0, count), lane.bytes.length);
    lane.bytes = joined;
    lane.changed();
    return count;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.#out.ended = true;
    this.#in.broken = true;
    this.#out.changed();
    this.#in.changed();
  }
}

/** Both ends of a transport. */
export function memoryTransports(
  options: MemoryOptions = {},
): [MemoryTransport, MemoryTransport] {
  const there = new Lane(), back = new Lane();
  return [
    new MemoryTransport(back, there, options),
    new MemoryTransport(there, back, options),
  ];
}

/** Two nodes that an invitation joined. */
export interface Pair {
  readonly inviter: NodeRuntime;
  readonly invitee: NodeRuntime;
  readonly here: Joined;
  readonly there: Joined;
  readonly transports: readonly [MemoryTransport, MemoryTransport];
}

/** Joins two new nodes. */
export async function join(
  options: MemoryOptions & {
    readonly names?: readonly string[];
    readonly limits?: Limits;
    readonly inviter?: NodeRuntime;
  } = {},
): Promise<Pair> {
  const { names = [MAIN_PIPE], limits = LIMITS.tiny } = options;
  const inviter = options.inviter ?? new NodeRuntime(seededEnvironment(++nodes));
  const invitee = new NodeRuntime(seededEnvironment(++nodes));
  const transports = memoryTransports(options);
  const [here, there] = await Promise.all([
    sendInvitation(inviter, transports[0], names, limits),
    acceptInvitation(invitee, transports[1], limits),
  ]);
  return { inviter, invitee, here, there, transports };
}

let nodes = 0;

/** Lets everything that can happen without waiting for time happen. */
export async function quiet(): Promise<void> {
  for (let i = 0; i < 3; i++) await realEnvironment.nextTurn();
}

/** Text as bytes. */
export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Bytes as text. */
export function text(data: Uint8Array | undefined): string {
  return new TextDecoder().decode(data);
}
