/**
 * How a `SharedArrayBuffer` gets to another thread of this process: over a broadcast channel with a name that
 * only the two know. What is posted to it reaches every thread of this process, and no other process.
 *
 * @module
 */
import type { Name } from "../core/names.ts";
import {
  type Door,
  DoorKind,
  type Knock,
  type Left,
  openDoor,
  type Wanted,
} from "../core/system/door.ts";
import { ThreadRegion } from "../core/system/thread_region.ts";

/** How long to wait for what was posted already, in milliseconds. */
const PATIENCE_MS = 2000;
const PID_BYTES = 4;

/** See {@linkcode Door}. It tells which process this is. */
const threadDoor: Door = {
  kind: DoorKind.Thread,
  knock: (node, wanted): Knock | null =>
    wanted.what === "thread" ? new ThreadKnock(node.names.next(), wanted) : null,
  leave: (thing, id): Left | null => {
    if (!(thing instanceof ThreadRegion)) return null;
    const channel = new BroadcastChannel(channelName(id));
    channel.postMessage(thing.memory);
    const told = new Uint8Array(PID_BYTES);
    new DataView(told.buffer).setUint32(0, Deno.pid, true);
    // What is posted leaves in a later turn, if the channel is open then.
    return { told, done: () => channel.close() };
  },
};

class ThreadKnock implements Knock {
  readonly id: Name;
  readonly #wanted: Wanted;
  readonly #channel: BroadcastChannel;
  readonly #heard: PromiseWithResolvers<unknown> = Promise.withResolvers();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(id: Name, wanted: Wanted) {
    this.id = id;
    this.#wanted = wanted;
    this.#channel = new BroadcastChannel(channelName(id));
    this.#channel.onmessage = ({ data }) => this.#heard.resolve(data);
    this.#channel.onmessageerror = () => this.#heard.resolve(null);
  }

  async take(told: Uint8Array): Promise<ThreadRegion> {
    if (
      told.length !== PID_BYTES ||
      new DataView(told.buffer, told.byteOffset).getUint32(0, true) !== Deno.pid
    ) {
      throw new TypeError(
        "it is a SharedArrayBuffer, which does not leave its process: make it with createSharedFile",
      );
    }
    // Processes in different sandboxes may have one number.
    this.#timer = setTimeout(() => this.#heard.resolve(null), PATIENCE_MS);
    const memory = await this.#heard.promise;
    const { id, size } = this.#wanted;
    if (memory instanceof SharedArrayBuffer) return new ThreadRegion(id!, memory, size!);
    throw new TypeError("its memory has not arrived");
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#channel.close();
    this.#heard.resolve(null);
  }
}

openDoor(threadDoor);

function channelName(id: Name): string {
  return `mage-ipc ${id}`;
}
