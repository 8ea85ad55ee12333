import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertThrows,
} from "@std/assert";
import {
  BadMessageError,
  type IpcError,
  MisuseError,
  PipeClosedError,
  PipeLostError,
  SharedBufferError,
} from "../../../core/errors.ts";
import { setDefaultBadMessageHandler } from "../../../core/system/bad_message.ts";
import { endOf, takeEnd } from "../../../core/system/handle.ts";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { PipeEnd } from "../../../core/system/pipe_end.ts";
import "../../../core/system/platform_handle.ts";
import {
  MAX_SHARED_BUFFER_BYTES,
  MemoryMapping,
  Region,
} from "../../../core/system/region.ts";
import { SharedBuffer } from "../../../core/system/shared_buffer.ts";
import type { SharedBufferMode } from "../../../core/system/shared_buffer_end.ts";
import { ThreadRegion } from "../../../core/system/thread_region.ts";
import { Watcher } from "../../../core/system/watcher.ts";
import { TrailerType } from "../../../core/wire/trailer.ts";
import { Mutator } from "../../fuzz/mutator.ts";
import { Random, seededEnvironment } from "../../sim/random.ts";
import { forge, record, withTrailer } from "./forged_payload.ts";
import { bytes, join, quiet, text } from "./memory_transport.ts";

const NOTHING = new Uint8Array(0);

function local(): NodeRuntime {
  return new NodeRuntime(seededEnvironment(77));
}

function misuse(result: string, call: () => unknown): void {
  assertEquals(assertThrows(call, MisuseError).result, result);
}

async function misuseLater(result: string, call: () => Promise<unknown>): Promise<void> {
  assertEquals((await assertRejects(call, MisuseError)).result, result);
}

/** Memory that tells whether it was closed. */
class CountedRegion extends Region {
  readonly backing = "thread";
  closed = 0;
  readonly #memory: SharedArrayBuffer;

  constructor(runtime: NodeRuntime, size: number) {
    super(runtime.node.names.next(), size);
    this.#memory = new SharedArrayBuffer(size);
  }

  map(offset: number, length: number, readOnly: boolean): MemoryMapping {
    return new MemoryMapping(
      this,
      new Uint8Array(this.#memory, offset, length),
      readOnly,
    );
  }

  protected close(): void {
    this.closed++;
  }
}

/** The pipe to the keeper of a buffer, as whoever breaks the rules would use it. */
function rawPipe(buffer: SharedBuffer): MessagePipe {
  const { node, port } = takeEnd(buffer, "attack");
  return new MessagePipe(new PipeEnd(node, port));
}

Deno.test("createSharedBuffer makes memory that is zero, writable and has a name", async () => {
  const runtime = local();
  using buffer = runtime.createSharedBuffer(1000);
  assertEquals([buffer.size, buffer.mode, buffer.backing], [1000, "writable", "thread"]);
  assert(/^[0-9a-f]{32}$/.test(buffer.id));
  using mapping = await buffer.map();
  assert(mapping.access === "memory");
  assertEquals(mapping.bytes, new Uint8Array(new SharedArrayBuffer(1000)));
});

Deno.test("createSharedBuffer refuses sizes that are none", () => {
  const runtime = local();
  for (const size of [0, -1, 1.5, NaN, Infinity, "8" as unknown as number]) {
    misuse("INVALID_ARGUMENT", () => runtime.createSharedBuffer(size));
  }
  misuse(
    "RESOURCE_EXHAUSTED",
    () => runtime.createSharedBuffer(MAX_SHARED_BUFFER_BYTES + 1),
  );
  assertEquals(runtime.node.ports.size, 0);
});

Deno.test("SharedBuffer.map gives any range, and overlapping ones see each other's writes", async () => {
  const runtime = local();
  using buffer = runtime.createSharedBuffer(100);
  using all = await buffer.map();
  using tail = await buffer.map(60);
  using middle = await buffer.map(50, 20);
  middle.writeAt(12, bytes("here"));
  const seen = new Uint8Array(4);
  tail.readAt(2, seen);
  assertEquals(text(seen), "here");
  all.readAt(62, seen);
  assertEquals(text(seen), "here");
  assertEquals([all.length, tail.length, middle.length], [100, 40, 20]);
  for (
    const [offset, length] of [
      [0, 0],
      [100, undefined],
      [0, 101],
      [99, 2],
      [-1, 1],
      [0.5, 1],
      [0, 1.5],
      [2 ** 53, 1],
      [NaN, undefined],
    ] as const
  ) {
    await misuseLater("INVALID_ARGUMENT", () => buffer.map(offset, length));
  }
});

Deno.test("SharedMapping checks what is read and written, and outlives its handle", async () => {
  const runtime = local(), buffer = runtime.createSharedBuffer(16);
  const mapping = await buffer.map(4, 8);
  buffer.close();
  await quiet();
  assertEquals(runtime.node.ports.size, 0);
  mapping.writeAt(0, bytes("still"));
  const seen = new Uint8Array(5);
  mapping.readAt(0, seen);
  assertEquals(text(seen), "still");
  for (const at of [4, -1, 0.5, NaN, 9]) {
    misuse("OUT_OF_RANGE", () => mapping.readAt(at, seen));
    misuse("OUT_OF_RANGE", () => mapping.writeAt(at, seen));
  }
  misuse("INVALID_ARGUMENT", () => mapping.readAt(0, [1] as unknown as Uint8Array));
  mapping.readAt(8, NOTHING);
  mapping.unmap();
  mapping.unmap();
  assert(mapping.access === "memory");
  misuse("INVALID_ARGUMENT", () => mapping.readAt(0, seen));
  misuse("INVALID_ARGUMENT", () => mapping.writeAt(0, seen));
  misuse("INVALID_ARGUMENT", () => mapping.bytes);
  await misuseLater("INVALID_ARGUMENT", () => buffer.map());
  misuse("INVALID_ARGUMENT", () => buffer.duplicate());
  misuse("INVALID_ARGUMENT", () => buffer.size);
});

Deno.test("SharedBuffer.duplicate decides once, for the handle that it is made of as well", async () => {
  const runtime = local();
  for (const readOnly of [true, false]) {
    using buffer = runtime.createSharedBuffer(8);
    using early = await buffer.map();
    using one = buffer.duplicate({ readOnly });
    using two = one.duplicate({ readOnly });
    const mode = readOnly ? "read-only" : "unsafe";
    for (const handle of [buffer, one, two]) {
      assertEquals([handle.mode, handle.id, handle.size], [mode, buffer.id, 8]);
      misuse("FAILED_PRECONDITION", () => handle.duplicate({ readOnly: !readOnly }));
      using mapping = await handle.map();
      assertEquals(mapping.readOnly, readOnly);
      if (readOnly) misuse("PERMISSION_DENIED", () => mapping.writeAt(0, bytes("x")));
      else mapping.writeAt(0, bytes("y"));
    }
    // What was mapped before the choice stays what it was.
    early.writeAt(1, bytes("z"));
  }
});

Deno.test("SharedBuffer is the same memory wherever it is sent, and back home", async () => {
  const one = await join(), two = await join({ inviter: one.inviter });
  const buffer = one.inviter.createSharedBuffer(64), { id } = buffer;
  using here = await buffer.map();
  one.here.pipe.write(NOTHING, [buffer.duplicate()]);
  const there = (await one.there.pipe.receive())!.take(SharedBuffer);
  assertEquals([there.id, there.size, there.mode], [id, 64, "unsafe"]);
  using mapped = await there.map(8);
  mapped.writeAt(0, bytes("from there"));
  const seen = new Uint8Array(10);
  here.readAt(8, seen);
  assertEquals(text(seen), "from there");
  // On to a third, which never heard of the first, unmapped in between.
  one.there.pipe.write(NOTHING, [there.duplicate()]);
  const back = (await one.here.pipe.receive())!.take(SharedBuffer);
  two.here.pipe.write(NOTHING, [back]);
  const third = (await two.there.pipe.receive())!.take(SharedBuffer);
  using mappedThere = await third.map(8, 4);
  mappedThere.readAt(0, seen.subarray(0, 4));
  assertEquals(text(seen.subarray(0, 4)), "from");
  for (const handle of [buffer, there, third]) handle.close();
  for (const pair of [one, two]) {
    pair.here.pipe.close();
    pair.there.pipe.close();
  }
  await quiet();
  assertEquals(
    [one.inviter.node.ports.size, one.invitee.node.ports.size],
    [0, 0],
  );
  for (const pair of [one, two]) {
    await pair.here.close();
    await pair.there.close();
  }
});

Deno.test("SharedBuffer gives its memory back with the last handle, mapping and keeper", async () => {
  const { here, there, inviter } = await join();
  const region = new CountedRegion(inviter, 32);
  const buffer = inviter.share(region, "writable"), other = buffer.duplicate();
  const mapping = await buffer.map();
  buffer.close();
  await quiet();
  here.pipe.write(NOTHING, [other]);
  const sent = (await there.pipe.receive())!.take(SharedBuffer);
  const mappedThere = await sent.map();
  sent.close();
  mapping.unmap();
  await quiet();
  assertEquals(region.closed, 0);
  mappedThere.unmap();
  assertEquals(region.closed, 1);
  await here.close();
  await there.close();
});

Deno.test("SharedBuffer.map rejects when whoever keeps the memory is gone", async () => {
  for (const how of ["closed", "lost"]) {
    const { here, there, inviter } = await join();
    const region = new CountedRegion(inviter, 32);
    here.pipe.write(NOTHING, [inviter.share(region, "writable")]);
    using buffer = (await there.pipe.receive())!.take(SharedBuffer);
    let mapping: Promise<unknown>;
    if (how === "lost") {
      mapping = buffer.map();
      here.abort();
    } else {
      // What makes no sense costs the handle, and its holder cannot map any more.
      forge(buffer as unknown as MessagePipe, Uint8Array.of(9, 9, 9, 9), [], 0);
      await quiet();
      mapping = buffer.map();
    }
    await assertRejects(() => mapping, how === "lost" ? PipeLostError : PipeClosedError);
    const duplicate = buffer.duplicate();
    await assertRejects(() => duplicate.map());
    duplicate.close();
    await quiet();
    assertEquals(region.closed, 1);
    here.abort();
    there.abort();
  }
});

Deno.test("SharedBuffer.map gives up when its signal fires, and the handle is as it was", async () => {
  const { here, there, inviter, invitee } = await join();
  const [keeper, near] = inviter.createMessagePipe();
  const state = record(5, { 0: 5 | 1 << 8 | 1 << 16, 4: 64, 8: 1 });
  forge(here.pipe, withTrailer(state, TrailerType.Handles, 1), [near]);
  using buffer = (await there.pipe.receive())!.take(SharedBuffer);
  const stop = new AbortController(), mapping = buffer.map(0, 8, stop);
  await quiet();
  stop.abort(new Error("too long"));
  await assertRejects(() => mapping, Error, "too long");
  await assertRejects(() => buffer.map(0, 8, stop), Error, "too long");
  assert(buffer.isHeld);
  // Whoever keeps it learns that nobody waits any more.
  const reply = (await keeper.receive())!.take(MessagePipe);
  assertInstanceOf(await reply.closed, PipeClosedError);
  for (const handle of [buffer, keeper, reply]) handle.close();
  await quiet();
  assertEquals(invitee.node.ports.size, 1);
  here.abort();
  there.abort();
});

Deno.test("SharedBuffer has no signals, and cannot be watched", async () => {
  const runtime = local();
  using buffer = runtime.createSharedBuffer(8);
  assertEquals(buffer.signals, { satisfied: 0, satisfiable: 0 });
  assertEquals((await buffer.wait(1)).result, "FAILED_PRECONDITION");
  using watcher = new Watcher(() => {});
  misuse("INVALID_ARGUMENT", () => watcher.watch(buffer, 1, 1));
});

/** Requests that no honest holder of a handle in that mode sends. */
const REQUESTS: readonly [SharedBufferMode, string, number[], number, string][] = [
  ["writable", "is empty", [], 1, "shared-buffer-request-size"],
  ["writable", "is too short", [1, 2, 0], 1, "shared-buffer-request-size"],
  ["writable", "asks for nothing known", [9, 0, 0, 0], 1, "shared-buffer-request"],
  ["writable", "has no pipe", [1, 2, 0, 0], 0, "shared-buffer-handles"],
  ["writable", "has two pipes", [1, 2, 0, 0], 2, "shared-buffer-handles"],
  ["writable", "sets reserved", [1, 2, 1, 0], 1, "shared-buffer-request-reserved"],
  ["writable", "opens with a mode", [2, 1, 0, 0], 1, "shared-buffer-request"],
  ["writable", "names half a door", [2, 0, 0, 0, 1, 2], 1, "door-size"],
  ["writable", "names nine doors", [2, 0, 0, 0, ...Array(153).fill(1)], 1, "door-count"],
  ["writable", "duplicates in no mode", [1, 0, 0, 0], 1, "shared-buffer-duplicate"],
  ["writable", "duplicates as writable", [1, 1, 0, 0], 1, "shared-buffer-duplicate"],
  ["writable", "duplicates, and more", [1, 2, 0, 0, 0], 1, "shared-buffer-duplicate"],
  ["read-only", "wants to write", [1, 3, 0, 0], 1, "shared-buffer-mode"],
  ["unsafe", "wants to only read", [1, 2, 0, 0], 1, "shared-buffer-mode"],
];

for (const [mode, what, request, pipes, rule] of REQUESTS) {
  Deno.test(`SharedBuffer is lost for who has a ${mode} handle and ${what}`, async () => {
    const { here, there, inviter, invitee } = await join();
    const reports: (IpcError | null)[] = [];
    setDefaultBadMessageHandler(({ error }) => reports.push(error));
    const first = inviter.createSharedBuffer(8);
    using mapping = await first.map();
    // One for the attacker, one for somebody else.
    const isFirst = mode === "writable", readOnly = mode === "read-only";
    const sent = isFirst ? first : first.duplicate({ readOnly });
    using other = isFirst ? null : first.duplicate({ readOnly });
    here.pipe.write(NOTHING, [sent]);
    const raw = rawPipe((await there.pipe.receive())!.take(SharedBuffer));
    const kept = Array.from({ length: pipes }, () => invitee.createMessagePipe());
    raw.write(Uint8Array.from(request), kept.map(([, far]) => far));
    assertInstanceOf(await raw.closed, PipeClosedError);
    for (const [near] of kept) assertInstanceOf(await near.closed, PipeClosedError);
    await quiet();
    const [error] = reports;
    assertInstanceOf(error, BadMessageError);
    assertEquals([error.rule, reports.length], [rule, 1]);
    // Nobody else has lost anything.
    mapping.writeAt(0, bytes("fine"));
    if (other !== null) (await other.map()).unmap();
    setDefaultBadMessageHandler(null);
    for (const pipe of [raw, ...kept.map(([near]) => near)]) pipe.close();
    here.abort();
    there.abort();
  });
}

/** Answers that no honest keeper gives, and what becomes of who mapped. */
const ANSWERS: readonly [string, number[], number, string][] = [
  ["is empty", [], 0, "shared-buffer-answer-size"],
  ["sets reserved", [1, 0, 0, 1], 0, "shared-buffer-answer-reserved"],
  ["has a handle", [1, 0, 0, 0], 1, "shared-buffer-answer-handles"],
  ["names a door where nobody knocked", [9, 0, 0, 0], 0, "unavailable"],
  ["tells nothing", [1, 0, 0, 0], 0, "unavailable"],
  ["tells of what was never left", [1, 0, 0, 0, ...Array(16).fill(7)], 0, "unavailable"],
  ["tells too much", [1, 0, 0, 0, ...Array(257).fill(7)], 0, "unavailable"],
  ["has no way", [0, 0, 0, 0], 0, "unavailable"],
];

for (const [what, answer, handles, rule] of ANSWERS) {
  Deno.test(`SharedBuffer.map rejects when the answer ${what}`, async () => {
    const { here, there, inviter, invitee } = await join();
    // The hostile keeper has the other end of the handle's pipe.
    const [keeper, near] = inviter.createMessagePipe();
    const state = record(5, { 0: 5 | 1 << 8 | 1 << 16, 4: 64, 8: 1 });
    forge(here.pipe, withTrailer(state, TrailerType.Handles, 1), [near]);
    using buffer = (await there.pipe.receive())!.take(SharedBuffer);
    const mapping = buffer.map();
    const request = (await keeper.receive())!;
    const reply = request.take(MessagePipe);
    const pairs = Array.from({ length: handles }, () => inviter.createMessagePipe());
    reply.write(Uint8Array.from(answer), pairs.map(([, far]) => far));
    if (rule === "unavailable") {
      const error = await assertRejects(() => mapping, SharedBufferError);
      assertEquals([error.code, error.failure], ["sharedBuffer", "unavailable"]);
    } else {
      assertEquals((await assertRejects(() => mapping, BadMessageError)).rule, rule);
    }
    assertInstanceOf(await reply.closed, PipeClosedError);
    buffer.close();
    for (const pipe of [keeper, reply, ...pairs.map(([kept]) => kept)]) pipe.close();
    await quiet();
    assertEquals(invitee.node.ports.size, 1);
    here.abort();
    there.abort();
  });
}

Deno.test("SharedBuffer.map takes no other memory than the one it was handed, and no less", async () => {
  for (const [size, swap] of [[64, true], [65, false]] as const) {
    const { here, there, inviter } = await join();
    const memory = new SharedArrayBuffer(64);
    const honest = new ThreadRegion(inviter.node.names.next(), memory);
    const [near, far] = inviter.createMessagePipe();
    const { a, b, c, d } = swap ? inviter.node.names.next() : honest.id;
    const words = { 0: 5 | 1 << 8 | 1 << 16, 4: size, 8: a, 12: b, 16: c, 20: d };
    forge(here.pipe, withTrailer(record(5, words), TrailerType.Handles, 1), [far]);
    using buffer = (await there.pipe.receive())!.take(SharedBuffer);
    // The keeper of something else answers, in all honesty.
    const keeping = inviter.share(honest, "unsafe");
    const mapping = buffer.map(), request = (await near.receive())!;
    rawPipe(keeping).write(request);
    await assertRejects(() => mapping, SharedBufferError, "something else");
    near.close();
    here.abort();
    there.abort();
  }
});

/** Records of handles that nobody honest writes. */
const RECORDS: readonly [string, Record<number, number>, string][] = [
  ["a shared buffer of no mode", { 0: 5 | 1 << 16, 4: 8 }, "shared-buffer-mode"],
  ["one of an unknown mode", { 0: 5 | 4 << 8 | 1 << 16, 4: 8 }, "shared-buffer-mode"],
  ["one made of nothing", { 0: 5 | 1 << 8, 4: 8 }, "shared-buffer-backing"],
  [
    "one made of what is unknown",
    { 0: 5 | 1 << 8 | 4 << 16, 4: 8 },
    "shared-buffer-backing",
  ],
  ["one of no bytes", { 0: 5 | 1 << 8 | 1 << 16 }, "shared-buffer-size"],
  ["one too large", { 0: 5 | 1 << 8 | 1 << 16, 4: 2 ** 30 + 1 }, "shared-buffer-size"],
  [
    "one with a reserved byte",
    { 0: 5 | 1 << 8 | 1 << 16 | 1 << 24, 4: 8 },
    "shared-buffer-reserved",
  ],
  [
    "one with a reserved word",
    { 0: 5 | 1 << 8 | 1 << 16, 4: 8, 28: 1 },
    "shared-buffer-reserved",
  ],
  ["a platform handle of no type", { 0: 4 }, "platform-handle-type"],
  ["one of an unknown type", { 0: 4 | 4 << 8 }, "platform-handle-type"],
  ["one with a reserved byte", { 0: 4 | 1 << 8 | 1 << 24 }, "platform-handle-reserved"],
  ["one with a reserved word", { 0: 4 | 1 << 8, 28: 1 }, "platform-handle-reserved"],
];

for (const [what, words, rule] of RECORDS) {
  Deno.test(`MessagePipe.read fails for a message with ${what}: ${rule}`, () => {
    const node = local(), [one, two] = node.createMessagePipe();
    const [kept, sent] = node.createMessagePipe();
    forge(one, withTrailer(record(words[0]! & 0xff, words), TrailerType.Handles, 1), [
      sent,
    ]);
    const end = two.read();
    assert(end.result === "FAILED_PRECONDITION");
    assertEquals((end.reason as BadMessageError).rule, rule);
    assertEquals(kept.read().result, "FAILED_PRECONDITION");
    for (const pipe of [one, two, kept]) pipe.close();
    assertEquals(node.node.ports.size, 0);
  });
}

Deno.test("SharedBuffer keeps working through thousands of duplicates and maps", async () => {
  const { here, there, inviter, invitee } = await join();
  const first = inviter.createSharedBuffer(4);
  here.pipe.write(NOTHING, [first.duplicate()]);
  let handle = (await there.pipe.receive())!.take(SharedBuffer);
  for (let i = 0; i < 500; i++) {
    const next = handle.duplicate();
    handle.close();
    handle = next;
    using mapping = await handle.map();
    mapping.writeAt(0, Uint8Array.of(i));
  }
  handle.close();
  first.close();
  await quiet();
  assertEquals([inviter.node.ports.size, invitee.node.ports.size], [1, 1]);
  assertEquals(endOf(here.pipe).isWatchable, true);
  await here.close();
  await there.close();
});

Deno.test("SharedBuffer keeps what it gives to what a handle has a right to, whatever is asked", async () => {
  const { here, there, inviter, invitee } = await join();
  const random = new Random(5), mutator = new Mutator(random);
  const region = new CountedRegion(inviter, 8);
  const writable = inviter.share(region, "writable");
  const readOnly = writable.duplicate({ readOnly: true });
  let ended = 0;
  for (let i = 0; i < 3000; i++) {
    here.pipe.write(NOTHING, [readOnly.duplicate({ readOnly: true })]);
    const raw = rawPipe((await there.pipe.receive())!.take(SharedBuffer));
    const [near, far] = invitee.createMessagePipe();
    const honest = random.oneIn(2)
      ? Uint8Array.of(1, 2, 0, 0)
      : Uint8Array.of(2, 0, 0, 0, 1, ...Array(16).fill(random.next()));
    const request = mutator.mutate(honest, [Uint8Array.of(1, 3, 0, 0)]);
    raw.write(request, [far]);
    await quiet();
    // A duplicate, an answer, or the end of the pipe: never memory that can be written.
    const answer = near.read();
    if (answer.result === "OK") assertEquals(answer.message.data[0], 0);
    const isDuplicate = request[0] === 1 && answer.result === "SHOULD_WAIT";
    if (isDuplicate) assertEquals(request[1], 2);
    if (raw.read().result === "FAILED_PRECONDITION") ended++;
    raw.close();
    near.close();
  }
  assert(ended > 1000 && ended < 2900, `${ended} ended`);
  await quiet();
  writable.close();
  readOnly.close();
  await quiet();
  assertEquals(region.closed, 1);
  assertEquals([inviter.node.ports.size, invitee.node.ports.size], [1, 1]);
  await here.close();
  await there.close();
});
