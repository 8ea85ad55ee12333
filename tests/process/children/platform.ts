/**
 * A child that does with what it is handed what the tests ask: each message is a verb, with the handles for
 * it, and is answered with a message.
 *
 * @module
 */
import { createHash } from "node:crypto";
import {
  ConnHandle,
  createMessagePipe,
  FileHandle,
  type Handle,
  Invitation,
  ListenerHandle,
  type Message,
  MessagePipe,
  type OpenConn,
  type OpenFile,
  type OpenListener,
  unwrapPlatformHandle,
  wrapPlatformHandle,
} from "@mage/ipc";

import { keeperPipe } from "../../../core/system/platform_handle.ts";
import {
  HEAD_BYTES,
  NONCE_BYTES,
  Op,
  writeRequest,
} from "../../../transports/serve/wire.ts";

const { pipe } = await Invitation.accept();
const bytes = (text: string) => new TextEncoder().encode(text);
let file: OpenFile, conn: OpenConn, listener: OpenListener;
let next: MessagePipe, forged: MessagePipe;

/** What a verb answers: a text, and handles. */
type Answer = string | readonly [string, ...Handle[]];

const VERBS: Record<string, (rest: string, message: Message) => Promise<Answer>> = {
  async file(_rest, message) {
    file = await unwrapPlatformHandle(message.take(FileHandle));
    return "file";
  },
  async conn(_rest, message) {
    conn = await unwrapPlatformHandle(message.take(ConnHandle));
    const { localAddr, remoteAddr } = conn;
    return JSON.stringify({ localAddr, remoteAddr });
  },
  async listener(_rest, message) {
    listener = await unwrapPlatformHandle(message.take(ListenerHandle));
    return JSON.stringify(listener.addr);
  },

  async hash() {
    const hash = createHash("sha256"), into = new Uint8Array(262_144);
    for (;;) {
      const count = await file.read(into);
      if (count === null) return hash.digest("hex");
      hash.update(into.subarray(0, count));
    }
  },
  async hashStream() {
    const hash = createHash("sha256");
    for await (const chunk of file.readable) hash.update(chunk);
    return hash.digest("hex");
  },
  async read(count) {
    const into = new Uint8Array(Number(count)), read = await file.read(into);
    return read === null ? "end" : new TextDecoder().decode(into.subarray(0, read));
  },
  write: async (text) => String(await file.write(bytes(text))),
  /** Writes zeros. */
  async fill(count) {
    const zeros = new Uint8Array(Number(count));
    let written = 0;
    while (written < zeros.length) written += await file.write(zeros.subarray(written));
    return String(written);
  },
  async stream(text) {
    const writer = file.writable.getWriter();
    for (const word of text.split(" ")) await writer.write(bytes(word));
    await writer.close();
    return "closed";
  },
  seek: async (offset) => String(await file.seek(Number(offset), Deno.SeekMode.Start)),
  truncate: async (length) => String(await file.truncate(Number(length))),
  stat: async () => JSON.stringify(await file.stat()),
  sync: async () => String(await file.sync() ?? await file.syncData()),
  async closeFile() {
    file.close();
    return await "closed";
  },
  getStream: async (which) => await String(file[which as "readable"]),

  /** Sends back whatever comes, and ends when it does. */
  async echo() {
    await conn.readable.pipeTo(conn.writable);
    return "echoed";
  },
  async readConn(count) {
    const into = new Uint8Array(Number(count)), read = await conn.read(into);
    return read === null ? "end" : new TextDecoder().decode(into.subarray(0, read));
  },
  /** Tells each of the connections that come along which one it is. */
  async greet(_rest, message) {
    await Promise.all(
      message.handles.splice(0).map(async (handle, i) => {
        using conn = await unwrapPlatformHandle(handle as ConnHandle);
        await conn.write(bytes(`you are ${i}`));
      }),
    );
    return "greeted";
  },
  writeConn: async (text) => String(await conn.write(bytes(text))),
  closeWrite: async () => String(await conn.closeWrite()),
  async closeConn() {
    conn.close();
    return await "closed";
  },
  /** Reads to the end and answers with it backwards. */
  async reverse() {
    const text = await new Response(conn.readable).text();
    const writer = conn.writable.getWriter();
    await writer.write(bytes([...text].reverse().join("")));
    await writer.close();
    return text;
  },

  /** Serves so many at once: all are there before the first is answered. */
  async serve(count) {
    const conns: OpenConn[] = [];
    for await (const conn of listener) {
      conns.push(conn);
      if (conns.length === Number(count)) break;
    }
    await Promise.all(conns.map((conn) => conn.readable.pipeTo(conn.writable)));
    return "served";
  },
  accept: async () => String(await listener.accept()),
  async closeListener() {
    const over = (async () => {
      for await (const conn of listener) conn.close();
    })();
    listener.close();
    await over;
    return "over";
  },

  wrapFile: async (rights) => {
    const options = rights === "" ? {} : { rights: rights.split(",") as ["read"] };
    return await ["wrapped", wrapPlatformHandle(file, options)];
  },
  wrapConn: async () => await ["wrapped", wrapPlatformHandle(conn)],
  wrapListener: async () => await ["wrapped", wrapPlatformHandle(listener)],
  wrapBusy: async () => {
    const reading = file.read(new Uint8Array(1));
    try {
      return await ["wrapped", wrapPlatformHandle(file)];
    } finally {
      await reading;
    }
  },
  /** From here on the pipe of a handle is used by hand. */
  async forge(_rest, message) {
    forged = keeperPipe(message.take(FileHandle), "forge");
    return await "forging";
  },
  /** Asks for so many pieces of the file, and reads no reply. */
  async flood(count) {
    const bytes = new Uint8Array(HEAD_BYTES + NONCE_BYTES);
    forged.write(writeRequest(bytes, Op.Open));
    for (let i = 0; i < Number(count); i++) {
      const bytes = new Uint8Array(HEAD_BYTES);
      forged.write(writeRequest(bytes, Op.Read, 0, 262_144));
    }
    return await "asked";
  },
  /** Reads so many replies, and tells what came of them. */
  async replies(count) {
    const outcomes: number[] = [];
    for (let i = 0; i < Number(count); i++) {
      using message = (await forged.receive())!;
      outcomes.push(message.data[1]!);
    }
    return outcomes.join();
  },
  /** Writes and truncates by hand. */
  async vandalize() {
    const bytes = new Uint8Array(HEAD_BYTES + 1);
    forged.write(writeRequest(bytes, Op.Write));
    forged.write(writeRequest(bytes.slice(0, HEAD_BYTES), Op.Truncate));
    return await "asked";
  },

  giveBack: async (_rest, message) => await ["back", ...message.handles.splice(0)],
  drop: async () => await "dropped",

  async next(_rest, message) {
    next = message.take(MessagePipe);
    return await "next";
  },
  async pass(text, message) {
    next.write(bytes(text), message.handles.splice(0));
    const reply = (await next.receive())!;
    return [new TextDecoder().decode(reply.data), ...reply.handles.splice(0)];
  },
  /** Another pipe to talk to this child over. */
  async again(_rest, message) {
    serve(message.take(MessagePipe));
    return await "again";
  },
  fresh: async () => {
    const [one, two] = createMessagePipe();
    serve(two);
    return await ["fresh", one];
  },

  keepFile: async (path) => ["kept", wrapPlatformHandle(await Deno.open(path))],
  /** One whose reads wait for ever, as long as nobody else writes. */
  keepFifo: async (path) => {
    const fifo = await Deno.open(path, { read: true, write: true });
    return ["kept", wrapPlatformHandle(fifo)];
  },
  keepListener: async () =>
    await [
      "kept",
      wrapPlatformHandle(Deno.listen({ hostname: "127.0.0.1", port: 0 })),
    ],
  keepConn: async (port) => [
    "kept",
    wrapPlatformHandle(
      await Deno.connect({ hostname: "127.0.0.1", port: Number(port) }),
    ),
  ],

  async open(path) {
    await Deno.open(path);
    return "opened";
  },
  async connect(port) {
    await Deno.connect({ port: Number(port) });
    return "connected";
  },
};

async function serve(pipe: MessagePipe): Promise<void> {
  for await (const message of pipe) {
    const [verb = "", ...rest] = new TextDecoder().decode(message.data).split(" ");
    VERBS[verb]!(rest.join(" "), message).then(
      (answer) => {
        const [text, ...handles] = typeof answer === "string" ? [answer] : answer;
        if (pipe.isHeld) pipe.write(bytes(text), handles);
      },
      ({ name, message }: Error) =>
        pipe.isHeld && pipe.write(bytes(`${name}: ${message}`)),
    );
  }
}
await serve(pipe);
