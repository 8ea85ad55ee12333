/**
 * A message: bytes, and the handles that go with them.
 *
 * @module
 */
import { BadMessageError, MisuseError } from "../errors.ts";
import type { Neighbor } from "../ports/link.ts";
import type { Handle } from "./handle.ts";

const EMPTY = new Uint8Array(0);

/** Who a message that was read came from. Internal to `core/system`. */
export let sourceOf: (message: Message) => Neighbor | null;
/** Checks that a message was not written or closed. Internal to `core/system`. */
export let checkUsable: (message: Message) => void;
/** A message was written: it has nothing any more. Internal to `core/system`. */
export let spend: (message: Message) => void;

/**
 * A message that was read, or that is prepared to be written.
 *
 * ```ts
 * import { createMessagePipe, Message } from "@mage/ipc";
 *
 * const [here, there] = createMessagePipe();
 * const message = new Message();
 * new DataView(message.append(4).buffer).setUint32(0, 7, true);
 * message.append(new TextEncoder().encode("hello"));
 * here.write(message);
 * console.log((await there.receive())!.data.length); // 9
 * here.close();
 * there.close();
 * ```
 *
 * Source: MojoCreateMessage, MojoAppendMessageData, MojoGetMessageData, MojoDestroyMessage.
 */
export class Message implements Disposable {
  #bytes: Uint8Array<ArrayBuffer>;
  #length: number;
  #spent = false;
  readonly #source: Neighbor | null;
  /** The handles, owned by whoever has the message: what is still in here goes where the message goes. */
  readonly handles: Handle[];

  static {
    sourceOf = (message) => message.#source;
    checkUsable = (message) => message.#check("write");
    spend = (message) => {
      message.#spent = true;
      message.#bytes = EMPTY;
      message.#length = 0;
      message.handles.length = 0;
    };
  }

  /** Makes one of `bytes` and `handles`, which are taken over. */
  constructor(
    bytes: Uint8Array<ArrayBuffer> = EMPTY,
    handles: Handle[] = [],
    source: Neighbor | null = null,
  ) {
    this.#bytes = bytes;
    this.#length = bytes.length;
    this.handles = handles;
    this.#source = source;
  }

  /** The bytes. Appending may move them: ask again then. */
  get data(): Uint8Array<ArrayBuffer> {
    return this.#length === this.#bytes.length
      ? this.#bytes
      : this.#bytes.subarray(0, this.#length);
  }

  /**
   * Appends a copy of `data`, or room for so many zero bytes, and `handles`. Returns the new part, to be
   * filled before anything else is appended.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` if the message was written or closed, or `data` is neither
   */
  append(
    data: Uint8Array | number,
    handles: readonly Handle[] = [],
  ): Uint8Array<ArrayBuffer> {
    this.#check("append to");
    const size = typeof data === "number" ? data : data?.length;
    if (!Number.isInteger(size) || size < 0) {
      throw new MisuseError(
        "INVALID_ARGUMENT",
        `Cannot append to message: data must be a Uint8Array or a number of bytes: received ${data}`,
      );
    }
    const start = this.#length, end = start + size;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.#bytes.length * 2, 64));
      grown.set(this.data);
      this.#bytes = grown;
    }
    this.#length = end;
    const added = this.#bytes.subarray(start, end);
    if (typeof data !== "number") added.set(data);
    this.handles.push(...handles);
    return added;
  }

  /**
   * Takes the first of the handles out, which is to be one of the class `kind`.
   *
   * ```ts
   * import { createMessagePipe, MessagePipe } from "@mage/ipc";
   *
   * const [here, there] = createMessagePipe(), [kept, sent] = createMessagePipe();
   * here.write(new Uint8Array(0), [sent]);
   * using message = await there.receive();
   * using pipe = message!.take(MessagePipe);
   * [here, there, kept].forEach((each) => each.close());
   * ```
   *
   * @throws {BadMessageError} if there is none, or it is of another kind; then it stays in the message
   */
  take<T extends Handle>(kind: abstract new (...args: never[]) => T): T {
    const handle = this.handles[0];
    if (!(handle instanceof kind)) {
      const rule = handle === undefined ? "handle-missing" : "handle-kind";
      throw new BadMessageError(rule, 0, `, which should have a ${kind.name}`);
    }
    this.handles.shift();
    return handle;
  }

  /** Closes the handles that are still in it. */
  close(): void {
    for (const handle of this.handles) handle.close();
    this.handles.length = 0;
    this.#bytes = EMPTY;
    this.#length = 0;
    this.#spent = true;
  }

  /** As {@linkcode close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  #check(what: string): void {
    if (!this.#spent) return;
    throw new MisuseError(
      "INVALID_ARGUMENT",
      `Cannot ${what} message: it was written or closed`,
    );
  }
}
