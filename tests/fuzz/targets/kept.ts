/**
 * What those who have a handle on a file, a connection or a listener and whoever keeps it say to each other;
 * and what a launcher says to a child, and tells of memory at a door.
 *
 * @module
 */
import { leaveAtDoor } from "../../../core/system/door.ts";
import { NameSource } from "../../../core/names.ts";
import { readBelongings } from "../../../transports/belongings.ts";
import { decodeAddresses, encodeAddresses } from "../../../transports/serve/addresses.ts";
import { decodeFailure, encodeFailure } from "../../../transports/serve/failure.ts";
import { decodeStat, encodeStat, STAT_BYTES } from "../../../transports/serve/stat.ts";
import {
  HEAD_BYTES,
  NONCE_BYTES,
  Op,
  Outcome,
  readReply,
  readRequest,
  writeReply,
  writeRequest,
} from "../../../transports/serve/wire.ts";
import { type Random, seededEnvironment } from "../../sim/random.ts";
import { reader } from "../byte_reader.ts";
import { insist, type Tally, type Target } from "../campaign.ts";
import { Mutator } from "../mutator.ts";

const ROUND = 64;
const TYPES = ["file", "conn", "listener"] as const;
const OPS = Object.values(Op);
const ADDRESSES = [
  { transport: "tcp", hostname: "::1", port: 80 },
  { transport: "unix", path: "/tmp/å" },
  { transport: "vsock", cid: 3, port: 4 },
] as Deno.Addr[];
const FAILURES = [
  new Deno.errors.NotFound("nothing there"),
  new Error("Is a directory (os error 21)"),
  new TypeError("constructor"),
];
const INFO = {
  isFile: true,
  isDirectory: false,
  isSymlink: false,
  size: 12,
  mtime: new Date(5),
  atime: null,
  birthtime: new Date(-5),
  ctime: null,
  dev: 1,
  ino: 2,
  mode: 0o644,
  nlink: 1,
  uid: 0,
  gid: 0,
  rdev: null,
  blksize: 4096,
  blocks: 8,
  isBlockDevice: null,
  isCharDevice: false,
  isFifo: null,
  isSocket: false,
} as Deno.FileInfo;

/** One of the readers, and what it makes of some bytes: the rule that is broken, if one is. */
type Read = (input: Uint8Array<ArrayBuffer>) => string | null;

function ruleOf(found: unknown): string | null {
  return typeof found === "string" ? found : null;
}

function withBody(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEAD_BYTES + body.length);
  bytes.set(body, HEAD_BYTES);
  return bytes;
}

/** Bytes that are right, and who reads them. */
function scene(random: Random, names: NameSource): [Uint8Array<ArrayBuffer>, Read] {
  const op = random.pick(OPS), handles = random.below(3), type = random.pick(TYPES);
  switch (random.below(7)) {
    case 0: {
      const doors = random.below(3) * 17;
      const body = new Uint8Array(op === Op.Open ? NONCE_BYTES + doors : random.below(3));
      const number = random.oneIn(2) ? 0 : random.below(1000);
      return [
        writeRequest(withBody(body), op, random.below(3), number),
        (input) => {
          const found = readRequest(input, handles, type);
          if (typeof found === "string") return found;
          insist(Number.isSafeInteger(found.number), "a number is not exact");
          insist(found.body.length === input.length - HEAD_BYTES, "a body is cut");
          return null;
        },
      ];
    }
    case 1: {
      const body = new Uint8Array(random.pick([0, NONCE_BYTES, STAT_BYTES]));
      const outcome = random.oneIn(2) ? Outcome.Done : random.below(4);
      return [
        writeReply(withBody(body), op, outcome, random.below(2), random.below(50)),
        (input) => ruleOf(readReply(input, handles, op, 100)),
      ];
    }
    case 2:
      return [encodeStat(INFO), (input) => {
        const found = decodeStat(input);
        if (typeof found === "string") return found;
        insist(Object.getPrototypeOf(found) === Object.prototype, "it has a prototype");
        insist(found.size >= 0, "a file has a negative size");
        return null;
      }];
    case 3: {
      const count = random.below(3);
      const some = Array.from({ length: count }, () => random.pick(ADDRESSES));
      return [encodeAddresses(some), (input) => {
        const found = decodeAddresses(input, count);
        if (typeof found !== "string") {
          insist(found.length === count, `${found.length} addresses`);
        }
        return ruleOf(found);
      }];
    }
    case 4:
      return [encodeFailure(random.pick(FAILURES)), (input) => {
        const found = decodeFailure(input);
        if (typeof found !== "string") {
          insist(found instanceof Error, "what failed is no error");
          insist(!/[\/\\]\w+\//.test(found.name), "a name is no name");
        }
        return ruleOf(found);
      }];
    case 5: {
      const doors = new Uint8Array(17 * random.below(9)).map(() => random.below(7));
      return [
        doors,
        (input) => ruleOf(leaveAtDoor({}, input, names, random.oneIn(2))),
      ];
    }
    default: {
      const bytes = new Uint8Array(60).map(() => random.below(4));
      return [bytes, (input) => {
        const source = reader(input);
        return readBelongings((into) => source.read(into)) === null ? "belongings" : null;
      }];
    }
  }
}

/** `readRequest`, `readReply`, what is in them, `leaveAtDoor`, and `readBelongings`. */
export const keptTarget: Target = {
  name: "kept",
  round(random: Random, tally: Tally): void {
    const mutator = new Mutator(random);
    const names = new NameSource(seededEnvironment(random.next()));
    let last: Uint8Array[] = [];
    for (let i = 0; i < ROUND; i++) {
      const [valid, read] = scene(random, names);
      const input = random.oneIn(3) ? valid : mutator.mutate(valid, last);
      last = [valid];
      tally.begin();
      tally.done(read(input));
    }
  },
};
