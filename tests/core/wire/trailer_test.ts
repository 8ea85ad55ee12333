import { assertEquals } from "@std/assert";
import { Encoder } from "../../../core/wire/encoder.ts";
import {
  closeTrailer,
  findTrailer,
  readControl,
  RECORD_BYTES,
  TrailerType,
  writeControl,
} from "../../../core/wire/trailer.ts";

const { Handles, ReadInterval, ReadCount } = TrailerType;

/** A payload in the middle of a buffer of ones: `body`, and the word of the trailer. */
function payload(body: number, type: number, count: number, reserved = 0) {
  const bytes = new Uint8Array(body + 4 + 64).fill(0xff);
  bytes.fill(0, 32, 32 + body);
  const view = new DataView(bytes.buffer), end = 32 + body + 4;
  view.setUint8(end - 4, type);
  view.setUint8(end - 3, reserved);
  view.setUint16(end - 2, count, true);
  return { view, start: 32, end };
}

function found(...args: Parameters<typeof payload>) {
  const { view, start, end } = payload(...args);
  const trailer = findTrailer(view, start, end);
  return typeof trailer === "string" ? trailer : { ...trailer, at: trailer.at - start };
}

Deno.test("findTrailer finds where the data ends, and how many records follow", () => {
  for (const [data, count] of [[0, 0], [7, 0], [0, 1], [9, 3], [0, 1000]] as const) {
    const body = data + count * RECORD_BYTES;
    assertEquals(found(body, Handles, count), { type: Handles, count, at: data });
  }
  for (const type of [ReadInterval, ReadCount]) {
    assertEquals(found(16, type, 0), { type, count: 0, at: 0 });
  }
});

Deno.test("findTrailer refuses what does not fit, by its rule", () => {
  const cases: readonly (readonly [Parameters<typeof payload>, string])[] = [
    [[0, Handles, 1], "trailer-size"],
    [[RECORD_BYTES - 1, Handles, 1], "trailer-size"],
    [[RECORD_BYTES * 2, Handles, 0xffff], "trailer-size"],
    [[16, 0, 0], "trailer-type"],
    [[16, 4, 0], "trailer-type"],
    [[16, 0xff, 0], "trailer-type"],
    [[32, Handles, 1, 1], "trailer-reserved"],
    [[15, ReadInterval, 0], "trailer-size"],
    [[17, ReadInterval, 0], "trailer-size"],
    [[0, ReadCount, 0], "trailer-size"],
    [[16, ReadCount, 1], "trailer-size"],
    [[16, ReadCount, 0, 0x80], "trailer-reserved"],
  ];
  for (const [args, rule] of cases) assertEquals(found(...args), rule);
  for (let size = 0; size < 4; size++) {
    assertEquals(
      findTrailer(new DataView(new ArrayBuffer(64)), 8, 8 + size),
      "trailer-size",
    );
  }
});

Deno.test("writeControl writes what readControl reads, wherever it lies", () => {
  const out = new Encoder(4096, 64);
  out.begin(48);
  const control = { id: 0xffff_fffe, interval: 0xffff_ffff, count: 2 ** 52 };
  const start = out.at;
  writeControl(out, ReadInterval, control);
  const trailer = findTrailer(out.view, start, out.at);
  assertEquals(trailer, { type: ReadInterval, count: 0, at: start });
  if (typeof trailer !== "string") assertEquals(readControl(out.view, trailer), control);
});

Deno.test("readControl refuses a count that is not exact, and an answer with an interval", () => {
  const { view, start, end } = payload(16, ReadCount, 0);
  const trailer = findTrailer(view, start, end);
  if (typeof trailer === "string") throw new Error(trailer);
  view.setUint32(start + 12, 2 ** 20, true);
  assertEquals(readControl(view, trailer), { id: 0, interval: 0, count: 2 ** 52 });
  view.setUint32(start + 8, 1, true);
  assertEquals(readControl(view, trailer), "control-number");
  view.setUint32(start + 12, 0xffff_ffff, true);
  assertEquals(readControl(view, trailer), "control-number");
  view.setUint32(start + 4, 1, true);
  assertEquals(readControl(view, trailer), "control-reserved");
});

Deno.test("closeTrailer keeps type and count apart", () => {
  const out = new Encoder(4096, 64);
  out.begin(0);
  closeTrailer(out, Handles, 0x1234);
  assertEquals([...out.bytes.subarray(0, out.at)], [Handles, 0, 0x34, 0x12]);
});
