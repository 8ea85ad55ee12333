/**
 * A message: bytes, and the handles that go with them.
 *
 * @module
 */
import { BadMessageError, MisuseError } from "../errors.ts";
import type { Neighbor } from "../ports/link.ts";
import { Handle } from "./handle.ts";

/** Bytes of the longest message there can be: no frame is longer. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Makes a message that was read: from `source`, or from this node. Internal to `core/system`. */
export let receivedMessage: (
  bytes: Uint8Array<ArrayBuffer>,
  handles: Handle[],
  source: Neighbor | null,
) => Message;
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
 * message.append(new TextEncoder().encode("hello"));
 * const { buffer, byteOffset } = message.append(4);
 * new DataView(buffer, byteOffset).setUint32(0, 7, true);
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
  #source: Neighbor | null = null;
  /**
   * The handles, owned by whoever has the message: what is in here when it is written or closed goes with
   * it. May be changed like any array.
   */
  readonly handles: Handle[];

  static {
    receivedMessage = (bytes, handles, source) => {
      const message = new Message(bytes, handles);
      message.#source = source;
      return message;
    };
    sourceOf = (message) => message.#source;
    checkUsable = (message) => message.#check("write");
    spend = (message) => {
      message.#spent = true;
      message.#bytes = new Uint8Array(0);
      message.#length = 0;
      message.handles.length = 0;
    };
  }

  /**
   * Makes one of `bytes` and `handles`, which are not copied: whoever has the message has them.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` if they are no bytes, or no array
   */
  constructor(
    bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0),
    handles: Handle[] = [],
  ) {
    if (!(bytes instanceof Uint8Array) || !Array.isArray(handles)) {
      throw new MisuseError(
        "INVALID_ARGUMENT",
        "Cannot make message: it takes a Uint8Array and an array of handles",
      );
    }
    this.#bytes = bytes;
    this.#length = bytes.length;
    this.handles = handles;
  }

  /**
   * The bytes. Appending may move them: ask again then.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` if the message was written or closed
   */
  get data(): Uint8Array<ArrayBuffer> {
    this.#check("ask for the data of");
    return this.#length === this.#bytes.length
      ? this.#bytes
      : this.#bytes.subarray(0, this.#length);
  }

  /**
   * Appends a copy of `data`, or room for so many zero bytes, and `handles`, which are the message's from
   * here on. Returns the new part, to be filled before anything else is appended. What throws appends
   * nothing.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` if the message was written or closed, `data` is neither, or a
   * handle cannot be used; `RESOURCE_EXHAUSTED` if it came to more than 256 MiB
   */
  append(
    data: Uint8Array | number,
    handles: readonly Handle[] = [],
  ): Uint8Array<ArrayBuffer> {
    this.#check("append to");
    const size = data instanceof Uint8Array ? data.length : data;
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new MisuseError(
        "INVALID_ARGUMENT",
        `Cannot append to message: data must be a Uint8Array or a number of bytes: received ${
          typeof data === "number" ? data : typeof data
        }`,
      );
    }
    if (
      !Array.isArray(handles) ||
      !handles.every((handle) => handle instanceof Handle && handle.isHeld)
    ) {
      throw new MisuseError(
        "INVALID_ARGUMENT",
        "Cannot append to message: handles must be an array of handles that were not closed, sent or bound",
      );
    }
    const start = this.#length, end = start + size;
    if (end > MAX_BYTES) {
      throw new MisuseError(
        "RESOURCE_EXHAUSTED",
        `Cannot append to message: it has ${MAX_BYTES} bytes at most: received ${end}`,
      );
    }
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
   * Takes the first of the handles out, which is to be one of the class `kind`. It is the caller's then.
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
   * @throws {MisuseError} `INVALID_ARGUMENT` if the message was written or closed
   */
  take<T extends Handle>(kind: abstract new (...args: never[]) => T): T {
    this.#check("take a handle out of");
    const handle = this.handles[0];
    if (!(handle instanceof kind)) {
      const rule = handle === undefined ? "handle-missing" : "handle-kind";
      throw new BadMessageError(rule, 0, `, which should have a ${kind.name}`);
    }
    this.handles.shift();
    return handle;
  }

  /** Closes the handles that are still in it. Closing twice does nothing. */
  close(): void {
    const handles = this.handles.slice();
    // ORDER: first, because closing tells watchers, who may do anything.
    spend(this);
    for (const handle of handles) {
      // Anybody can put anything there.
      if (handle instanceof Handle) handle.close();
    }
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
