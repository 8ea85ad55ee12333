/**
 * Both sides of what serves handles, for tests that say what no honest side says.
 *
 * @module
 */
import {
  BadMessageError,
  type ConnHandle,
  createMessagePipe,
  type FileHandle,
  type Handle,
  type IpcError,
  type ListenerHandle,
  type Message,
  type MessagePipe,
  type OpenConn,
  type OpenFile,
} from "@mage/ipc";
import {
  keeperPipe,
  platformHandle,
  type PlatformHandles,
  type PlatformHandleType,
} from "../../core/system/platform_handle.ts";
import {
  HEAD_BYTES,
  NONCE_BYTES,
  Op,
  writeReply,
  writeRequest,
} from "../../transports/serve/wire.ts";

/** What a message says; zero, unless given. */
export interface Parts {
  readonly outcome?: number;
  readonly arg?: number;
  readonly number?: number;
  readonly body?: Uint8Array;
}

/** A request, as it goes over the pipe. */
export function request(
  op: number,
  { arg = 0, number = 0, body = new Uint8Array(0) }: Parts = {},
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEAD_BYTES + body.length);
  bytes.set(body, HEAD_BYTES);
  return writeRequest(bytes, op, arg, number);
}

/** A reply, as it goes over the pipe. */
export function reply(
  op: number,
  { outcome = 0, arg = 0, number = 0, body = new Uint8Array(0) }: Parts = {},
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEAD_BYTES + body.length);
  bytes.set(body, HEAD_BYTES);
  return writeReply(bytes, op, outcome, arg, number);
}

/** The pipe behind a handle that somebody has, who begins to use what it is on without asking at any door. */
export async function forgingHolder(
  handle: FileHandle | ConnHandle | ListenerHandle,
): Promise<MessagePipe> {
  const pipe = keeperPipe(handle, "forge");
  pipe.write(request(Op.Open, { body: new Uint8Array(NONCE_BYTES) }));
  (await pipe.receive())!.close();
  return pipe;
}

/** Asks, and returns the reply; `null` when the pipe ends instead. */
export async function ask(
  pipe: MessagePipe,
  bytes: Uint8Array,
  handles: readonly Handle[] = [],
): Promise<Message | null> {
  pipe.write(bytes, handles);
  return await pipe.receive();
}

/** A handle whose keeper answers what it likes: `answer` is told the nonce, or nothing after the first. */
export function forgedHandle<T extends PlatformHandleType>(
  type: T,
  answer: (
    nonce: Uint8Array<ArrayBuffer> | null,
    pipe: MessagePipe,
    message: Message,
  ) => void,
): { readonly handle: PlatformHandles[T]; readonly ended: Promise<IpcError> } {
  const [kept, given] = createMessagePipe();
  const serving = (async () => {
    for await (const message of kept) {
      const nonce = message.data[0] === Op.Open
        ? message.data.slice(HEAD_BYTES, HEAD_BYTES + NONCE_BYTES)
        : null;
      answer(nonce, kept, message);
      message.close();
    }
    const reason = await kept.closed;
    kept.close();
    return reason;
  })();
  return { handle: platformHandle(given, type), ended: serving };
}

/** A file that remembers what was done to it. */
export class FakeFile implements OpenFile {
  readonly done: string[] = [];
  isClosed = false;
  readonly closing: Promise<void>;
  readonly #closing = Promise.withResolvers<void>();

  constructor() {
    this.closing = this.#closing.promise;
  }

  read(into: Uint8Array): Promise<number | null> {
    this.done.push(`read ${into.length}`);
    into.fill(7);
    return Promise.resolve(into.length);
  }
  write(bytes: Uint8Array): Promise<number> {
    this.done.push(`write ${bytes.length}`);
    return Promise.resolve(bytes.length);
  }
  seek(offset: number | bigint, whence: Deno.SeekMode): Promise<number> {
    this.done.push(`seek ${offset} ${whence}`);
    return Promise.resolve(Number(offset));
  }
  stat(): Promise<Deno.FileInfo> {
    this.done.push("stat");
    return Promise.reject(new BadMessageError("not-mine", 0));
  }
  truncate(length: number = 0): Promise<void> {
    this.done.push(`truncate ${length}`);
    return Promise.resolve();
  }
  sync(): Promise<void> {
    this.done.push("sync");
    return Promise.resolve();
  }
  syncData(): Promise<void> {
    this.done.push("syncData");
    return Promise.resolve();
  }
  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    throw new Error("nobody asks for it");
  }
  get writable(): WritableStream<Uint8Array<ArrayBufferLike>> {
    throw new Error("nobody asks for it");
  }
  close(): void {
    this.isClosed = true;
    this.#closing.resolve();
  }
  [Symbol.dispose](): void {
    this.close();
  }
}

/** A connection that writes when it is let, and that nothing comes from. */
export class FakeConn implements OpenConn {
  readonly localAddr: Deno.Addr = { transport: "tcp", hostname: "127.0.0.1", port: 1 };
  readonly remoteAddr: Deno.Addr = this.localAddr;
  /** What was done, in order. */
  readonly done: string[] = [];
  /** Resolves what is written. */
  readonly gate: PromiseWithResolvers<void> = Promise.withResolvers();
  readonly closing: PromiseWithResolvers<null> = Promise.withResolvers();

  read(): Promise<number | null> {
    return this.closing.promise;
  }
  async write(bytes: Uint8Array): Promise<number> {
    await Promise.race([this.gate.promise, this.closing.promise]);
    this.done.push(`write ${bytes.length}`);
    return bytes.length;
  }
  closeWrite(): Promise<void> {
    this.done.push("closeWrite");
    return Promise.resolve();
  }
  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    throw new Error("nobody asks for it");
  }
  get writable(): WritableStream<Uint8Array<ArrayBufferLike>> {
    throw new Error("nobody asks for it");
  }
  close(): void {
    this.done.push("close");
    this.closing.resolve(null);
  }
  [Symbol.dispose](): void {
    this.close();
  }
}
