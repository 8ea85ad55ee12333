/**
 * How a child is given a socket or a listener of `node:net` at any time: over the channel that
 * `node:child_process` makes for messages, which carries their descriptors and takes no permission.
 *
 * ```text
 *   launcher                                         child
 *   key, with a descriptor ------------------------->     one at a time: the next goes when the last is there
 *   <------------------------------------------- key
 *
 *   told   kind u8, key 16 bytes
 * ```
 *
 * TRUST: the runtime reads what the child sends over that channel at any length, and takes whatever it sends
 * along, before this module sees any of it. A child that says anything there but what it has to say loses the
 * channel, and is served from then on.
 *
 * @module
 */
import { Name, type NameSource } from "../core/names.ts";
import {
  type Door,
  DoorKind,
  type Knock,
  type Left,
  openDoor,
} from "../core/system/door.ts";
import { adopted, isSocket } from "./adoption.ts";
import { HELD } from "./belongings.ts";
import type { RawHandle } from "./node_handle.ts";
import { wholeSocket } from "./node_opening.ts";

const KEY_BYTES = 16;
const TOLD_BYTES = 1 + KEY_BYTES;

/** A process of `node:child_process`, or this one, as far as the channel goes. */
export interface ChannelOwner {
  /** Sends a message, and a handle with it. */
  send?(
    message: string,
    handle: RawHandle | undefined,
    options: undefined,
    done: (error: unknown) => void,
  ): boolean;
  /** Ends the channel. */
  disconnect?(): void;
  /** The channel. */
  readonly channel?: { unref?(): void } | null | undefined;
  on(
    event: "message" | "internalMessage",
    listener: (message: unknown, handle?: unknown) => void,
  ): unknown;
  on(event: "disconnect" | "error", listener: () => void): unknown;
}

/** A socket on its way. */
interface Sending {
  readonly key: string;
  readonly thing: unknown;
}

/** The children of this process that have a channel, by its id. */
const given = new Map<string, Channel>();
/** The channel of this process. */
let own: Inlet | null = null;

/** See {@linkcode Door}. */
const channelDoor: Door = {
  kind: DoorKind.Channel,
  knock: (_node, { what }) => what === "platform" ? own?.knock() ?? null : null,
  leave: (thing, id, names, readOnly) =>
    readOnly ? null : given.get(id.toString())?.leave(thing, names) ?? null,
};

/** A child has a channel, and calls it `id`. Opens the door. */
export function giveChannel(id: Uint8Array<ArrayBuffer>, child: ChannelOwner): Channel {
  openDoor(channelDoor);
  const channel = new Channel(Name.ofBytes(id).toString(), child);
  return channel;
}

/** This process has a channel to its launcher, and calls it `id`. Opens the door. */
export function ownChannel(id: Uint8Array<ArrayBuffer>): void {
  own = new Inlet(Name.ofBytes(id));
  openDoor(channelDoor);
}

/** The launcher's side of the channel of one child. */
export class Channel {
  readonly #id: string;
  readonly #child: ChannelOwner;
  /** Those that wait for their turn, and before them the one that was sent. */
  readonly #queue: Sending[] = [];
  #sent: Sending | null = null;
  #isOpen = true;

  /** The child was just started. */
  constructor(id: string, child: ChannelOwner) {
    this.#id = id;
    this.#child = child;
    given.set(id, this);
    child.on("message", (message, handle) => this.#heard(message, handle));
    child.on("internalMessage", (message, handle) => this.#heard(message, handle));
    child.on("error", () => this.close());
    child.on("disconnect", () => this.close());
  }

  /** Leaves a socket; `null` for what is none, or in use. */
  leave(thing: unknown, names: NameSource): Left | null {
    if (!this.#isOpen || wholeSocket(thing) === null) return null;
    const told = new Uint8Array(TOLD_BYTES), key = names.next();
    told[0] = "accept" in (thing as object) ? HELD.listener : HELD.conn;
    key.write(new DataView(told.buffer), 1);
    const sending = { key: key.toString(), thing };
    this.#queue.push(sending);
    this.#sendNext();
    const done = () => {
      const at = this.#queue.indexOf(sending);
      if (at >= 0) this.#queue.splice(at, 1);
    };
    return { told, done };
  }

  /** The child is gone, or is not to have it any more. Doing so twice does nothing. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    given.delete(this.#id);
    this.#queue.length = 0;
    try {
      this.#child.disconnect?.();
    } catch {
      // It was.
    }
  }

  #sendNext(): void {
    while (this.#isOpen && this.#sent === null && this.#queue.length > 0) {
      const sending = this.#sent = this.#queue.shift()!;
      const raw = wholeSocket(sending.thing);
      // Somebody uses it by now: whoever waits for it is told when the pipe ends.
      if (raw === null) this.#sent = null;
      else if (!this.#send(sending.key, raw)) this.close();
    }
  }

  #send(key: string, raw: RawHandle): boolean {
    try {
      return this.#child.send!(key, raw, undefined, (error) => {
        if (error) this.close();
      });
    } catch {
      return false;
    }
  }

  #heard(message: unknown, handle: unknown): void {
    closeHandle(handle);
    if (this.#sent === null || message !== this.#sent.key || handle !== undefined) {
      return this.close();
    }
    this.#sent = null;
    this.#sendNext();
  }
}

/** This process's side of its channel. */
class Inlet {
  readonly #id: Name;
  #process: Promise<ChannelOwner> | null = null;
  /** How many ask for something. */
  #knocks = 0;
  #isOver = false;
  readonly #arrived: Map<string, RawHandle> = new Map();
  /** Those that wait for what they were told of. */
  readonly #waiting: Map<string, PromiseWithResolvers<RawHandle>> = new Map();

  constructor(id: Name) {
    this.#id = id;
  }

  knock(): Knock | null {
    if (this.#isOver) return null;
    this.#process ??= this.#listen();
    this.#knocks++;
    let waits: string | null = null;
    return {
      id: this.#id,
      take: async (told) => {
        const [kind] = told;
        if (told.length !== TOLD_BYTES || !isSocket(kind)) {
          throw new TypeError("it is no socket");
        }
        waits = Name.ofBytes(told, 1).toString();
        return adopted(await this.#take(waits), kind);
      },
      close: () => {
        this.#knocks--;
        if (waits !== null) this.#giveUp(waits);
        if (this.#knocks > 0) return;
        // Nobody asks for what nobody was told of.
        for (const raw of this.#arrived.values()) raw.close();
        this.#arrived.clear();
      },
    };
  }

  async #take(key: string): Promise<RawHandle> {
    const raw = this.#arrived.get(key);
    this.#arrived.delete(key);
    if (raw !== undefined) return raw;
    if (this.#isOver) throw new TypeError("the launcher is gone");
    const waiting = Promise.withResolvers<RawHandle>();
    this.#waiting.set(key, waiting);
    return await waiting.promise;
  }

  #giveUp(key: string): void {
    this.#waiting.get(key)?.reject(new TypeError("nobody waits for it any more"));
    this.#waiting.delete(key);
  }

  async #listen(): Promise<ChannelOwner> {
    const { default: process } = await import("node:process");
    const owner = process as unknown as ChannelOwner;
    owner.on("disconnect", () => {
      this.#isOver = true;
      for (const key of [...this.#waiting.keys()]) this.#giveUp(key);
    });
    owner.on("message", (message, handle) => {
      if (typeof message !== "string" || handle === undefined) return;
      owner.send?.(message, undefined, undefined, () => {});
      this.#came(message, handle as RawHandle);
    });
    // What may come keeps no process alive.
    owner.channel?.unref?.();
    return owner;
  }

  #came(key: string, raw: RawHandle): void {
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    if (waiting !== undefined) waiting.resolve(raw);
    else if (this.#knocks > 0) this.#arrived.set(key, raw);
    else raw.close();
  }
}

/** Closes whatever a child has sent along. */
function closeHandle(handle: unknown): void {
  const { destroy, close } = (handle ?? {}) as Record<string, unknown>;
  const end = typeof destroy === "function" ? destroy : close;
  if (typeof end !== "function") return;
  try {
    end.call(handle);
  } catch {
    // It was closed.
  }
}
