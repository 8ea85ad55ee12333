/**
 * The door by which a `SharedArrayBuffer` gets to another thread of this process; see `threads.ts`.
 *
 * @module
 */
import { Name } from "../core/names.ts";
import {
  type Door,
  DoorKind,
  type Knock,
  type Left,
  openDoor,
  type Wanted,
} from "../core/system/door.ts";
import { ThreadRegion } from "../core/system/thread_region.ts";
import { threads } from "./threads.ts";

/** How long to wait for what was posted already, in milliseconds. */
const PATIENCE_MS = 2000;

/** See {@linkcode Door}. */
const threadDoor: Door = {
  kind: DoorKind.Thread,
  knock: (node, wanted): Knock | null =>
    wanted.what === "thread" ? new ThreadKnock(node.names.next(), wanted) : null,
  leave: (thing, id): Left | null =>
    thing instanceof ThreadRegion && threads.send(id.toString(), thing.memory)
      ? { told: new Uint8Array(0) }
      : null,
};

class ThreadKnock implements Knock {
  readonly id: Name;
  readonly #wanted: Wanted;
  readonly #come: PromiseWithResolvers<SharedArrayBuffer | null> = Promise
    .withResolvers();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(fresh: Name, wanted: Wanted) {
    const { key } = threads;
    this.id = Name.parse(key + fresh.toString().slice(key.length))!;
    this.#wanted = wanted;
    threads.wait(this.id.toString(), this.#come.resolve);
  }

  async take(): Promise<ThreadRegion> {
    // The message that tells of it goes another way than the memory.
    this.#timer = setTimeout(() => this.#come.resolve(null), PATIENCE_MS);
    const memory = await this.#come.promise, { id, size } = this.#wanted;
    if (memory === null) throw new TypeError("its memory has not arrived");
    return new ThreadRegion(id!, memory, size!);
  }

  close(): void {
    clearTimeout(this.#timer);
    threads.stopWaiting(this.id.toString());
    this.#come.resolve(null);
  }
}

openDoor(threadDoor);
