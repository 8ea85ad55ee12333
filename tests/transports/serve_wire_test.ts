import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { RemoteError } from "@mage/ipc";
import { decodeAddresses, encodeAddresses } from "../../transports/serve/addresses.ts";
import { decodeFailure, encodeFailure } from "../../transports/serve/failure.ts";
import { decodeStat, encodeStat } from "../../transports/serve/stat.ts";
import {
  HEAD_BYTES,
  MAX_PIECE_BYTES,
  NONCE_BYTES,
  Op,
  Outcome,
  readReply,
  readRequest,
  writeReply,
  writeRequest,
} from "../../transports/serve/wire.ts";
import { Random } from "../sim/random.ts";

const TYPES = ["file", "conn", "listener"] as const;
const OPS = Object.values(Op);

function request(op: number, arg = 0, number = 0, body = 0) {
  return writeRequest(new Uint8Array(HEAD_BYTES + body), op, arg, number);
}

function reply(op: number, outcome = 0, arg = 0, number = 0, body = 0) {
  return writeReply(new Uint8Array(HEAD_BYTES + body), op, outcome, arg, number);
}

const ADDRESSES = [
  { transport: "tcp", hostname: "::1", port: 65_535 },
  { transport: "unix", path: "/tmp/ä" },
  { transport: "unix", path: null },
  { transport: "unix", path: "" },
  { transport: "vsock", cid: 2 ** 32 - 1, port: 2 ** 32 - 1 },
] as Deno.Addr[];

/** Changes some bytes, or none. */
function spoil(random: Random, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  for (let i = random.below(3); i > 0 && bytes.length > 0; i--) {
    bytes[random.below(bytes.length)] = random.pick([0, 1, 255, random.below(256)]);
  }
  return bytes;
}

/** What is not given is zero. */
type Case = readonly [
  op: number,
  parts: { arg?: number; number?: number; body?: number; handles?: number },
];

const GOOD_FILE: readonly Case[] = [
  [Op.Open, { body: NONCE_BYTES }],
  [Op.Open, { body: NONCE_BYTES + 8 * 17 }],
  [Op.Read, { number: 1 }],
  [Op.Read, { number: MAX_PIECE_BYTES }],
  [Op.Write, { body: 1 }],
  [Op.Write, { body: MAX_PIECE_BYTES }],
  [Op.Seek, { arg: 2, number: -Number.MAX_SAFE_INTEGER }],
  [Op.Seek, { number: Number.MAX_SAFE_INTEGER }],
  [Op.Stat, {}],
  [Op.Truncate, { number: 2 ** 40 }],
  [Op.Sync, { arg: 1 }],
  [Op.Stream, { arg: 1, handles: 1 }],
  [Op.Finish, { arg: 1 }],
  [Op.Restrict, { arg: 63 }],
];
const GOOD_CONN: readonly Case[] = [
  [Op.Carry, { handles: 2 }],
  [Op.Park, { arg: 3, handles: 2 }],
  [Op.Park, { arg: 2, handles: 1 }],
  [Op.Park, {}],
  [Op.Finish, {}],
];

const BAD_FILE: readonly (readonly [...Case, string])[] = [
  [Op.Open, { body: NONCE_BYTES - 1 }, "request-body"],
  [Op.Open, { body: NONCE_BYTES + 16 }, "request-doors"],
  [Op.Open, { body: NONCE_BYTES + 9 * 17 }, "request-body"],
  [Op.Open, { body: NONCE_BYTES, handles: 1 }, "request-handles"],
  [Op.Read, {}, "request-number"],
  [Op.Read, { number: MAX_PIECE_BYTES + 1 }, "request-number"],
  [Op.Read, { number: -1 }, "request-number"],
  [Op.Read, { number: 1, body: 1 }, "request-body"],
  [Op.Write, {}, "request-body"],
  [Op.Write, { body: MAX_PIECE_BYTES + 1 }, "request-body"],
  [Op.Write, { body: 1, number: 1 }, "request-number"],
  [Op.Seek, { arg: 3 }, "request-arg"],
  [Op.Stat, { handles: 1 }, "request-handles"],
  [Op.Truncate, { number: -1 }, "request-number"],
  [Op.Sync, { arg: 2 }, "request-arg"],
  [Op.Stream, {}, "request-handles"],
  [Op.Stream, { arg: 2, handles: 1 }, "request-arg"],
  [Op.Restrict, { arg: 64 }, "request-arg"],
  [Op.Accept, {}, "request-op"],
  [Op.Carry, { handles: 2 }, "request-op"],
  [0, {}, "request-op"],
  [14, {}, "request-op"],
  [255, {}, "request-op"],
];

Deno.test("readRequest reads what writeRequest has written", () => {
  for (const [cases, type] of [[GOOD_FILE, "file"], [GOOD_CONN, "conn"]] as const) {
    for (const [op, { arg = 0, number = 0, body = 0, handles = 0 }] of cases) {
      const found = readRequest(request(op, arg, number, body), handles, type);
      assertEquals(found, { op, arg, number, body: new Uint8Array(body) });
    }
  }
  assert(typeof readRequest(request(Op.Accept), 0, "listener") === "object");
});

Deno.test("readRequest names the rule that a request breaks", () => {
  for (const [op, { arg, number, body, handles = 0 }, rule] of BAD_FILE) {
    assertEquals(readRequest(request(op, arg, number, body), handles, "file"), rule);
  }
  assertEquals(readRequest(request(Op.Park, 3), 1, "conn"), "request-handles");
  assertEquals(readRequest(request(Op.Read, 0, 1), 0, "conn"), "request-op");
  assertEquals(readRequest(request(Op.Finish), 0, "listener"), "request-op");
  assertEquals(readRequest(new Uint8Array(15), 0, "file"), "request-size");
  for (let at = 2; at < 8; at++) {
    const bytes = request(Op.Stat);
    bytes[at] = 1;
    assertEquals(readRequest(bytes, 0, "file"), "request-reserved");
  }
  const far = request(Op.Seek);
  new DataView(far.buffer).setBigInt64(8, 2n ** 53n, true);
  assertEquals(readRequest(far, 0, "file"), "request-number");
});

Deno.test("readReply reads what writeReply has written, to what was asked", () => {
  const good: readonly (readonly [ReturnType<typeof reply>, number, number, number])[] = [
    [reply(Op.Open, 0, 1, 0, NONCE_BYTES + 16), 0, Op.Open, 0],
    [reply(Op.Open, 0, 0, 3, NONCE_BYTES), 2, Op.Open, 0],
    [reply(Op.Read, 0, 1), 0, Op.Read, 5],
    [reply(Op.Read, 0, 0, 0, 5), 0, Op.Read, 5],
    [reply(Op.Write, 0, 0, 5), 0, Op.Write, 5],
    [reply(Op.Seek, 0, 0, 2 ** 50), 0, Op.Seek, 0],
    [reply(Op.Accept), 1, Op.Accept, 0],
    [reply(Op.Stat, Outcome.Missing, 3), 0, Op.Stat, 0],
    [reply(Op.Stat, Outcome.Failed, 0, 0, 1), 0, Op.Stat, 0],
  ];
  for (const [bytes, handles, op, most] of good) {
    const found = readReply(bytes, handles, op, most);
    assert(typeof found === "object", `${found}`);
    assertEquals([found.op, found.outcome, found.arg], [op, bytes[1], bytes[2]]);
  }
});

Deno.test("readReply names the rule that a reply breaks", () => {
  const bad: readonly [ReturnType<typeof reply>, number, number, number, string][] = [
    [new Uint8Array(15), 0, Op.Stat, 0, "reply-size"],
    [reply(Op.Sync), 0, Op.Stat, 0, "reply-op"],
    [reply(Op.Sync, 3), 0, Op.Sync, 0, "reply-outcome"],
    [reply(Op.Sync, 0, 1), 0, Op.Sync, 0, "reply-arg"],
    [reply(Op.Sync), 1, Op.Sync, 0, "reply-handles"],
    [reply(Op.Sync, 0, 0, 0, 1), 0, Op.Sync, 0, "reply-body"],
    [reply(Op.Stat), 0, Op.Stat, 0, "reply-body"],
    // More than was asked for; nothing, and not the end; the end, and something.
    [reply(Op.Read, 0, 0, 0, 6), 0, Op.Read, 5, "reply-body"],
    [reply(Op.Read), 0, Op.Read, 5, "reply-body"],
    [reply(Op.Read, 0, 1, 0, 5), 0, Op.Read, 5, "reply-body"],
    [reply(Op.Write, 0, 0, 6), 0, Op.Write, 5, "reply-number"],
    [reply(Op.Write), 0, Op.Write, 5, "reply-number"],
    [reply(Op.Seek, 0, 0, -1), 0, Op.Seek, 0, "reply-number"],
    [reply(Op.Accept), 0, Op.Accept, 0, "reply-handles"],
    [reply(Op.Accept), 2, Op.Accept, 0, "reply-handles"],
    [reply(Op.Open, 0, 1, 1, NONCE_BYTES), 0, Op.Open, 0, "reply-number"],
    [reply(Op.Open, 0, 1, 0, NONCE_BYTES), 1, Op.Open, 0, "reply-number"],
    [reply(Op.Open), 0, Op.Open, 0, "reply-body"],
    [reply(Op.Stat, Outcome.Missing, 6), 0, Op.Stat, 0, "reply-arg"],
    [reply(Op.Stat, Outcome.Failed), 0, Op.Stat, 0, "reply-body"],
    [reply(Op.Stat, Outcome.Failed, 0, 0, 4000), 0, Op.Stat, 0, "reply-body"],
  ];
  for (const [bytes, handles, op, most, rule] of bad) {
    assertEquals(readReply(bytes, handles, op, most), rule);
  }
  for (let at = 3; at < 8; at++) {
    const bytes = reply(Op.Sync);
    bytes[at] = 1;
    assertEquals(readReply(bytes, 0, Op.Sync, 0), "reply-reserved");
  }
});

Deno.test("decodeStat reads what encodeStat has written", async () => {
  const real = await Deno.stat(new URL(import.meta.url));
  assertEquals(decodeStat(encodeStat(real)), { ...real });
  const strange: Deno.FileInfo = {
    ...real,
    size: Number.MAX_SAFE_INTEGER,
    // More than there are numbers for.
    ino: 2 ** 60,
    mtime: new Date(-1),
    birthtime: null,
    blocks: null,
    isFifo: null,
    isDirectory: true,
  };
  assertEquals(decodeStat(encodeStat(strange)), { ...strange, ino: null });
});

Deno.test("decodeAddresses reads what encodeAddresses has written", () => {
  const addresses = ADDRESSES;
  assertEquals(decodeAddresses(encodeAddresses(addresses), 5), addresses);
  assertEquals(decodeAddresses(encodeAddresses(addresses), 4), "address-size");
  assertEquals(decodeAddresses(encodeAddresses(addresses), 6), "address-size");
  const broken = (change: (bytes: Uint8Array) => void) => {
    const bytes = encodeAddresses([addresses[0]!]);
    change(bytes);
    return decodeAddresses(bytes, 1);
  };
  assertEquals(broken((bytes) => bytes[0] = 9), "address-transport");
  assertEquals(broken((bytes) => bytes[1] = 2), "address-transport");
  assertEquals(broken((bytes) => bytes[1] = 0), "address-parts");
  assertEquals(broken((bytes) => bytes[2] = 9), "address-size");
  assertEquals(broken((bytes) => bytes[6] = 1), "address-parts");
  assertEquals(broken((bytes) => bytes[8] = 1), "address-parts");
  assertEquals(broken((bytes) => bytes[12] = 0xff), "address-text");
});

Deno.test("decodeFailure makes the error that encodeFailure was given, as far as it may", () => {
  const after = (error: unknown) => {
    const decoded = decodeFailure(encodeFailure(error));
    assertInstanceOf(decoded, Error);
    return decoded;
  };
  const known = after(new Deno.errors.BrokenPipe("Broken pipe (os error 32)"));
  assertInstanceOf(known, Deno.errors.BrokenPipe);
  assertEquals(known.message, "Broken pipe (os error 32)");
  // A path is the keeper's own affair.
  const secret = after(new Deno.errors.NotFound("No such file: open '/home/me/x'"));
  assertInstanceOf(secret, Deno.errors.NotFound);
  assertEquals(secret.message, "The keeper does not tell more than: NotFound");
  const system = after(new TypeError("Invalid argument (os error 22)"));
  assertInstanceOf(system, RemoteError);
  assertEquals(system.message, "Invalid argument (os error 22)");
  for (const other of [new Error("a secret"), "a secret", null, undefined]) {
    const error = after(other);
    assertInstanceOf(error, RemoteError);
    assert(!error.message.includes("secret"));
  }
  // Whatever it calls itself.
  const liar = new Error("no secret");
  liar.name = "NotFound";
  assertInstanceOf(after(liar), RemoteError);
});

Deno.test("decodeFailure takes no name that is not one of an error of Deno's own", () => {
  const failure = (name: string) => {
    const word = new TextEncoder().encode(name);
    return decodeFailure(new Uint8Array([word.length, ...word]));
  };
  for (const name of ["constructor", "__proto__", "toString", "Error", "notfound"]) {
    assertEquals(failure(name), "failure-class");
  }
  assertEquals(decodeFailure(new Uint8Array([2, 65])), "failure-size");
  assertEquals(decodeFailure(new Uint8Array([1, 0xff])), "failure-text");
  assertEquals(decodeFailure(new Uint8Array([0, 0xff])), "failure-text");
});

Deno.test("readRequest and readReply take any bytes, and tell what is wrong with them", () => {
  const known = encodeStat(Deno.statSync("."));
  const right = { requests: 0, replies: 0, addresses: 0, stats: 0 };
  for (let seed = 0; seed < 20_000; seed++) {
    const random = new Random(seed);
    const op = random.pick(OPS), handles = random.pick([0, 0, 1, 2]);
    const bytes = new Uint8Array(
      random.pick([16, 16, 17, 32, 33, 49, random.below(200)]),
    );
    if (bytes.length >= 16) {
      writeRequest(bytes, op, random.below(3), random.pick([0, 0, random.next()]));
    }
    spoil(random, bytes);
    const type = TYPES[random.below(3)]!;
    const asked = readRequest(bytes, handles, type);
    if (typeof asked !== "string") {
      right.requests++;
      const { op, arg, number, body } = asked;
      const again = new Uint8Array(HEAD_BYTES + body.length);
      again.set(body, HEAD_BYTES);
      assertEquals(writeRequest(again, op, arg, number), bytes);
    }
    const replied = readReply(bytes, handles, op, random.below(300));
    if (typeof replied !== "string") {
      right.replies++;
      const { outcome, arg, number, body } = replied;
      const again = new Uint8Array(HEAD_BYTES + body.length);
      again.set(body, HEAD_BYTES);
      assertEquals(writeReply(again, op, outcome, arg, number), bytes);
    }
    decodeFailure(bytes);
    decodeAddresses(bytes, 1);
    decodeStat(bytes);
    const address = spoil(random, encodeAddresses([random.pick(ADDRESSES)]));
    const addresses = decodeAddresses(address, 1);
    if (typeof addresses !== "string") {
      right.addresses++;
      assertEquals(encodeAddresses(addresses), address);
    }
    const stat = spoil(random, known.slice());
    const info = decodeStat(stat);
    if (typeof info !== "string") {
      right.stats++;
      assertEquals(encodeStat(info), stat);
    }
  }
  // Enough of them are in order to tell something.
  for (const [what, count] of Object.entries(right)) {
    assert(count > 20, `${count} ${what}`);
  }
});
