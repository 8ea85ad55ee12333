import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  ConnHandle,
  createDataPipe,
  createMessagePipe,
  FileHandle,
  ListenerHandle,
  MisuseError,
  type OpenFile,
  PlatformHandle,
  RemoteError,
  unwrapPlatformHandle,
  wrapPlatformHandle,
} from "@mage/ipc";
import { Op } from "../../transports/serve/wire.ts";
import { FakeConn, FakeFile, forgingHolder, request } from "./serve_forgery.ts";

const path = decodeURIComponent(new URL("../../LICENSE", import.meta.url).pathname);

/** A file as somebody else gets it: without the right to all of it, it is never the file itself. */
async function served(file: OpenFile): Promise<OpenFile> {
  const rights = ["read", "write", "seek", "stat", "truncate"] as const;
  return await unwrapPlatformHandle(wrapPlatformHandle(file, { rights }));
}

function misuse(result: string, call: () => unknown): void {
  assertEquals(assertThrows(call, MisuseError).result, result);
}

Deno.test("wrapPlatformHandle makes the handle of what it is given", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const accepting = listener.accept();
  const conn = await Deno.connect({ port }), other = await accepting;
  const file = await Deno.open(path);
  const handles = [
    wrapPlatformHandle(file),
    wrapPlatformHandle(conn),
    wrapPlatformHandle(listener),
  ] as const;
  const kinds = [FileHandle, ConnHandle, ListenerHandle] as const;
  for (const [i, handle] of handles.entries()) {
    assert(handle instanceof kinds[i]! && handle instanceof PlatformHandle);
    assertEquals(handle.type, ["file", "conn", "listener"][i]);
  }
  assertStrictEquals(await unwrapPlatformHandle(handles[0]), file);
  assertStrictEquals(await unwrapPlatformHandle(handles[1]), conn);
  assertStrictEquals(await unwrapPlatformHandle(handles[2]), listener);
  // The pipes that they came over are closed by now, and have nothing to do with them.
  for (let i = 0; i < 3; i++) await new Promise((next) => setTimeout(next, 0));
  const again = listener.accept();
  (await Deno.connect({ port })).close();
  (await again).close();
  await other.write(new Uint8Array(1));
  assertEquals(await conn.read(new Uint8Array(2)), 1);
  assertEquals(await file.read(new Uint8Array(1)), 1);
  for (const each of [file, conn, listener, other]) each.close();
});

Deno.test("wrapPlatformHandle refuses what is nothing of the operating system", () => {
  const nothing = [null, undefined, 7, "file", {}, { close() {} }, Deno.stdin, new Map()];
  for (const thing of nothing) {
    misuse("INVALID_ARGUMENT", () => wrapPlatformHandle(thing as never));
  }
  for (const type of ["windows-handle", "mach-port"]) {
    misuse("UNIMPLEMENTED", () => wrapPlatformHandle({ type, value: 4 } as never));
  }
});

Deno.test("wrapPlatformHandle refuses options that make no sense, and takes nothing", async () => {
  const file = new FakeFile();
  for (
    const options of [
      null,
      "read",
      { right: ["read"] },
      { rights: "read" },
      { rights: ["fly"] },
      { rights: ["constructor"] },
    ]
  ) {
    misuse("INVALID_ARGUMENT", () => wrapPlatformHandle(file, options as never));
  }
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const wrap = wrapPlatformHandle as (thing: unknown, options: unknown) => PlatformHandle;
  misuse("INVALID_ARGUMENT", () => wrap(listener, { rights: ["read"] }));
  listener.close();
  wrapPlatformHandle(file).close();
  await file.closing;
});

Deno.test("wrapPlatformHandle takes a thing once, until it is back", async () => {
  const file = new FakeFile(), handle = wrapPlatformHandle(file);
  misuse("INVALID_ARGUMENT", () => wrapPlatformHandle(file));
  assertStrictEquals(await unwrapPlatformHandle(handle), file);
  wrapPlatformHandle(file).close();
  await file.closing;
});

Deno.test("FileHandle closes the file when it is closed unopened, or lost on its way", async () => {
  const closed = new FakeFile(), lost = new FakeFile();
  wrapPlatformHandle(closed).close();
  const [here, there] = createMessagePipe();
  here.write(new Uint8Array(0), [wrapPlatformHandle(lost)]);
  there.close();
  here.close();
  await Promise.all([closed.closing, lost.closing]);
});

Deno.test("unwrapPlatformHandle opens a handle once", async () => {
  const file = new FakeFile(), handle = wrapPlatformHandle(file);
  const opening = unwrapPlatformHandle(handle);
  const error = await assertRejects(() => unwrapPlatformHandle(handle), MisuseError);
  assertEquals(error.result, "INVALID_ARGUMENT");
  assertStrictEquals(await opening, file);
  await assertRejects(() => unwrapPlatformHandle(handle), MisuseError);
  assert(!file.isClosed);

  const [pipe, other] = createMessagePipe();
  await assertRejects(() => unwrapPlatformHandle(pipe as never), MisuseError);
  pipe.close();
  other.close();
});

Deno.test("unwrapPlatformHandle fails when what was wrapped was closed", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const file = await Deno.open(path);
  file.close();
  const open = await served(file);
  await assertRejects(() => open.read(new Uint8Array(1)), Deno.errors.BadResource);
  open.close();
  const handle = wrapPlatformHandle(listener);
  listener.close();
  const back = await unwrapPlatformHandle(handle);
  await assertRejects(() => back.accept(), Deno.errors.BadResource);
});

Deno.test("OpenFile rejects every call after it was closed, and closes twice", async () => {
  const file = new FakeFile(), open = await served(file);
  open.close();
  open.close();
  const calls = [
    () => open.read(new Uint8Array(1)),
    () => open.read(new Uint8Array(0)),
    () => open.write(new Uint8Array(1)),
    () => open.seek(0, Deno.SeekMode.Start),
    () => open.stat(),
    () => open.truncate(),
    () => open.sync(),
    () => open.syncData(),
  ];
  for (const call of calls) await assertRejects(call, Deno.errors.BadResource);
  for (const name of ["readable", "writable"] as const) {
    assertThrows(() => open[name], Deno.errors.BadResource);
  }
  misuse("INVALID_ARGUMENT", () => wrapPlatformHandle(open));
  await file.closing;
  assertEquals(file.done, []);
});

Deno.test("OpenFile interrupts what is under way when it is closed", async () => {
  const file = new FakeFile(), open = await served(file);
  const reading = assertRejects(
    () => open.read(new Uint8Array(1)),
    Deno.errors.Interrupted,
  );
  open.close();
  await reading;
  await file.closing;
});

Deno.test("OpenFile refuses arguments that make no sense", async () => {
  const file = new FakeFile();
  {
    using open = await served(file);
    const calls = [
      () => open.read("x" as never),
      () => open.write([1] as never),
      () => open.seek(0.5, Deno.SeekMode.Start),
      () => open.seek(2n ** 60n, Deno.SeekMode.Start),
      () => open.seek(0, 3 as never),
      () => open.truncate(-1),
      () => open.truncate(NaN),
    ];
    for (const call of calls) {
      assertEquals((await assertRejects(call, MisuseError)).result, "INVALID_ARGUMENT");
    }
    assertEquals(await open.write(new Uint8Array(0)), 0);
    assertEquals(await open.seek(-5n, Deno.SeekMode.End).catch(() => 0), 0);
  }
  await file.closing;
  // A position below zero is one that no keeper has.
  assertEquals(file.done, ["seek -5 2"]);
});

Deno.test("OpenFile does one thing after the other", async () => {
  const file = new FakeFile();
  using open = await served(file);
  await Promise.all([
    open.read(new Uint8Array(3)),
    open.write(new Uint8Array(400_000)),
    open.truncate(),
    open.seek(7, Deno.SeekMode.Start),
    open.read(new Uint8Array(400_000)),
  ]);
  assertEquals(file.done, [
    "read 3",
    "write 262144",
    "truncate 0",
    "seek 7 0",
    "read 262144",
  ]);
});

Deno.test("OpenFile streams what is behind its position, and is closed with the stream", async () => {
  const all = await Deno.readTextFile(path);
  for (const how of ["end", "cancel"]) {
    const file = await Deno.open(path), open = await served(file);
    await open.seek(10, Deno.SeekMode.Start);
    assertStrictEquals(open.readable, open.readable);
    if (how === "cancel") await open.readable.cancel();
    else assertEquals(await new Response(open.readable).text(), all.slice(10));
    await assertRejects(() => open.stat(), Deno.errors.BadResource);
  }
});

Deno.test("OpenFile streams into a buffer that the reader brings", async () => {
  const file = await Deno.open(path), open = await served(file);
  const reader = open.readable.getReader({ mode: "byob" });
  const { value } = await reader.read(new Uint8Array(5));
  assertEquals(value, (await Deno.readFile(path)).subarray(0, 5));
  await reader.cancel();
});

Deno.test("OpenFile streams fail when it is closed in the middle", async () => {
  const file = new FakeFile(), open = await served(file);
  const reader = open.readable.getReader(), writer = open.writable.getWriter();
  assert(!(await reader.read()).done);
  await writer.write(new Uint8Array(3));
  open.close();
  await assertRejects(async () => {
    while (!(await reader.read()).done);
  }, Deno.errors.Interrupted);
  await assertRejects(() => writer.write(new Uint8Array(3)), Deno.errors.Interrupted);
  await assertRejects(() => writer.closed, Deno.errors.Interrupted);
  await file.closing;
});

Deno.test("OpenFile fails to close a stream that could not be written", async () => {
  const full = new Error("No space left on device (os error 28)");
  const file = Object.assign(new FakeFile(), { write: () => Promise.reject(full) });
  const open = await served(file);
  const writer = open.writable.getWriter();
  await writer.write(new Uint8Array(3));
  await assertRejects(() => writer.close(), RemoteError, "No space left on device");
  await assertRejects(() => writer.closed, RemoteError);
  await file.closing;
});

Deno.test("ConnKeeper writes what was written before it was closed, unless that was lost", async () => {
  for (const how of ["closed", "aborted"] as const) {
    const conn = new FakeConn(), pipe = await forgingHolder(wrapPlatformHandle(conn));
    const [incoming, consumer] = createDataPipe(),
      [producer, outgoing] = createDataPipe();
    pipe.write(request(Op.Carry), [incoming, outgoing]);
    producer.write(new Uint8Array(3));
    if (how === "closed") producer.close();
    else producer.abort();
    pipe.close();
    consumer.close();
    for (let i = 0; i < 3; i++) await new Promise((next) => setTimeout(next, 0));
    conn.gate.resolve();
    await conn.closing.promise;
    if (how === "aborted") assertEquals(conn.done, ["close"]);
    else assertEquals(conn.done, ["write 3", "closeWrite", "close"]);
  }
});
