import { assertEquals } from "@std/assert";
import {
  type Belongings,
  encodeBelongings,
  readBelongings,
} from "../../transports/belongings.ts";
import {
  encodeRendezvous,
  readRendezvous,
  type Rendezvous,
} from "../../transports/unix.ts";
import { reader } from "../fuzz/byte_reader.ts";

const id = (of: number) => new Uint8Array(16).fill(of);
const directory = { path: "/tmp/ünï/mage-1", id: id(1) };
const born = {
  id: id(2),
  descriptors: [
    { id: id(3), descriptor: 4, rights: 1 },
    { id: id(4), descriptor: 21, rights: 3 },
  ],
};
const EVERY: Belongings[] = [
  {},
  { directory },
  { born },
  { directory, born },
  { directory, born, channel: id(5) },
  { channel: id(6) },
  { directory: { path: `/${"x".repeat(4000)}`, id: id(255) } },
];
const JOINING: Rendezvous[] = [
  { lastDescriptor: 3 },
  { lastDescriptor: 19 },
  {
    path: `/${"x".repeat(106)}`,
    token: new Uint8Array(32).fill(7),
    revoke: { read: true, write: false, net: true },
  },
];

Deno.test("readBelongings takes what encodeBelongings made, and nothing behind it", () => {
  for (const belongings of EVERY) {
    const encoded = encodeBelongings(belongings);
    const input = reader(new Uint8Array([...encoded, 99]));
    assertEquals(readBelongings((into) => input.read(into)), belongings);
    assertEquals(input.at, encoded.length);
  }
});

Deno.test("readRendezvous takes belongings with a way to join of any kind, and no half of them", () => {
  for (const joining of JOINING) {
    for (const belongings of EVERY.slice(0, 6)) {
      const encoded = encodeRendezvous({ ...joining, belongings });
      const input = reader(new Uint8Array([...encoded, 99]));
      assertEquals(readRendezvous((into) => input.read(into)), {
        ...joining,
        belongings,
      });
      assertEquals(input.at, encoded.length);
      for (let length = 0; length < encoded.length; length++) {
        const cut = reader(encoded.subarray(0, length));
        assertEquals(readRendezvous((into) => cut.read(into)), null);
      }
    }
  }
});
