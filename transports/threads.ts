/**
 * How memory gets from thread to thread of this process: over the ports that launchers have to their workers.
 *
 * Each thread has a key that it shares with its launcher. Who wants something makes an address of its key and
 * a number; a parcel goes down to the worker whose key it has, or that is on the way there, and else up.
 *
 * TRUST: a worker may post anything. It is believed that workers are behind it that nobody else has claimed,
 * up to a number; a parcel for nobody is dropped. An address grants nothing: what comes to one that nobody
 * waits at is dropped too.
 *
 * @module
 */

/** Hexadecimal digits of a key, with which addresses begin. */
const KEY_DIGITS = 16;
/** Workers that a worker may have behind it. */
const MAX_BEHIND = 1024;

/** Memory, for whoever waits at an address. */
interface Parcel {
  readonly to: string;
  readonly memory: SharedArrayBuffer;
}

/** The threads around this one. */
export class Threads {
  #key: string | null = null;
  #above: MessagePort | null = null;
  readonly #below = new Map<string, MessagePort>();
  readonly #waiting = new Map<string, (memory: SharedArrayBuffer) => void>();

  /** The key of this thread. */
  get key(): string {
    return this.#key ??= newKey();
  }

  /** This thread is a worker whose launcher is at `port`, and calls it `key`. */
  join(port: MessagePort, key: string): void {
    this.#above = port;
    this.#key = key;
    for (const behind of this.#below.keys()) port.postMessage({ behind });
  }

  /** A worker of this thread takes deliveries from `port`. Returns its key. */
  add(port: MessagePort): string {
    const key = newKey();
    this.#put(key, port);
    return key;
  }

  /** It is gone, and so is what was behind it. */
  remove(port: MessagePort): void {
    for (const [key, each] of this.#below) if (each === port) this.#below.delete(key);
  }

  /** Something was posted to `port`. Returns whether it was meant for this. */
  heard(port: MessagePort, data: unknown): boolean {
    if (typeof data !== "object" || data === null) return false;
    if (isParcel(data)) {
      this.#pass(data, port);
      return true;
    }
    const { behind } = data as { behind?: unknown };
    if (!isKey(behind) || this.#below.has(behind)) return false;
    const count = [...this.#below.values()].filter((each) => each === port).length;
    if (port === this.#above || count > MAX_BEHIND) return false;
    this.#put(behind, port);
    return true;
  }

  /** Sends memory to an address. False when nobody here knows the way. */
  send(to: string, memory: SharedArrayBuffer): boolean {
    return this.#pass({ to, memory }, null);
  }

  /** Has `take` called with what comes to an address that begins with this thread's key, once. */
  wait(at: string, take: (memory: SharedArrayBuffer) => void): void {
    this.#waiting.set(at, take);
  }

  /** Waits there no more. */
  stopWaiting(at: string): void {
    this.#waiting.delete(at);
  }

  #put(key: string, port: MessagePort): void {
    this.#below.set(key, port);
    this.#above?.postMessage({ behind: key });
  }

  #pass(parcel: Parcel, from: MessagePort | null): boolean {
    const { to, memory } = parcel, key = to.slice(0, KEY_DIGITS);
    if (key === this.#key) {
      const take = this.#waiting.get(to);
      this.#waiting.delete(to);
      take?.(memory);
      return take !== undefined;
    }
    const port = this.#below.get(key) ?? this.#above;
    if (port === null || port === from) return false;
    port.postMessage({ to, memory });
    return true;
  }
}

/** Those of this thread. */
export const threads: Threads = new Threads();

function isParcel(data: object): data is Parcel {
  const { to, memory } = data as { to?: unknown; memory?: unknown };
  return typeof to === "string" && to.length === 2 * KEY_DIGITS &&
    memory instanceof SharedArrayBuffer;
}

function isKey(key: unknown): key is string {
  return typeof key === "string" && key.length === KEY_DIGITS;
}

function newKey(): string {
  return crypto.getRandomValues(new Uint8Array(KEY_DIGITS / 2)).toHex();
}
