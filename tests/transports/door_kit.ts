/**
 * Asks for things and leaves them at one door, as the two sides of a pipe would.
 *
 * @module
 */
import {
  leaveAtDoor,
  type LeftAt,
  Request,
  type Wanted,
} from "../../core/system/door.ts";
import { ownRuntime } from "../../core/system/node_runtime.ts";

const DOOR_BYTES = 17;

/** One request, at the door of one kind alone. */
export class OneDoor implements Disposable {
  readonly #kind: number;
  readonly #request: Request;

  /** Knocks. */
  constructor(kind: number, wanted: Wanted) {
    this.#kind = kind;
    this.#request = new Request(ownRuntime().node, wanted);
  }

  /** What the keeper is told of the door; nothing when there is none. */
  get door(): Uint8Array {
    const all = this.#request.encode(0);
    for (let at = 0; at < all.length; at += DOOR_BYTES) {
      if (all[at] === this.#kind) return all.slice(at, at + DOOR_BYTES);
    }
    return new Uint8Array(0);
  }

  /** Leaves something, as the keeper. */
  leave(thing: unknown, readOnly = false): LeftAt | null {
    const left = leaveAtDoor(thing, this.door, ownRuntime().node.names, readOnly);
    if (typeof left === "string") throw new TypeError(left);
    return left;
  }

  /** Takes it, as who asked. */
  take(told: Uint8Array): Promise<unknown> {
    return this.#request.take(this.#kind, told);
  }

  /** What is said when nothing was left. */
  get refusal(): string | undefined {
    return this.#request.refusal;
  }

  [Symbol.dispose](): void {
    this.#request.close();
  }
}
