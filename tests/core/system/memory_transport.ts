/**
 * Two nodes joined over a transport within one isolate, with the habits of a socket: little room, short
 * writes, reads that cut frames anywhere.
 *
 * @module
 */
import { realEnvironment } from "../../../core/environment.ts";
import { LIMITS, type Limits } from "../../../core/limits.ts";
import { AttachedPipes } from "../../../core/system/attached_pipes.ts";
import { acceptInvitation, sendInvitation } from "../../../core/system/invitation.ts";
import type { Joined } from "../../../core/system/joined.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import type { Transport } from "../../../core/transport.ts";
import {
  type MemoryOptions,
  memoryTransports as transports,
} from "../../../transports/memory.ts";
import { seededEnvironment } from "../../sim/random.ts";

/** One end that a test can stop and look at. */
export class MemoryTransport implements Transport {
  /** Whether this end was closed. */
  closed = false;
  /** Set to stop taking what the other end writes. */
  paused = false;
  #resume: (() => void) | null = null;
  readonly #inner: Transport;

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  /** Goes on reading. */
  resume(): void {
    this.paused = false;
    this.#resume?.();
  }

  async read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    if (this.paused) await new Promise<void>((resolve) => this.#resume = resolve);
    return await this.#inner.read(into);
  }

  write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    return this.#inner.write(bytes);
  }

  close(): void {
    this.closed = true;
    this.resume();
    this.#inner.close();
  }
}

/** Both ends of a transport, with all the room there is unless told otherwise. */
export function memoryTransports(
  options: MemoryOptions = {},
): [MemoryTransport, MemoryTransport] {
  const [one, other] = transports({ roomBytes: Infinity, ...options });
  return [new MemoryTransport(one), new MemoryTransport(other)];
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
    /** Of pipes besides the main one. */
    readonly names?: readonly string[];
    readonly limits?: Limits;
    readonly inviter?: NodeRuntime;
  } = {},
): Promise<Pair> {
  const { names = [], limits = LIMITS.tiny } = options;
  const inviter = options.inviter ?? new NodeRuntime(seededEnvironment(++nodes));
  const invitee = new NodeRuntime(seededEnvironment(++nodes));
  const transports = memoryTransports(options);
  const [here, there] = await Promise.all([
    sendInvitation(new AttachedPipes(inviter, names).begin(), transports[0], limits),
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
