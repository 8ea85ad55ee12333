import { assertEquals } from "@std/assert";
import {
  encodeRendezvous,
  readRendezvous,
  type Rendezvous,
  TOKEN_BYTES,
} from "../../transports/unix.ts";
import { reader } from "../fuzz/byte_reader.ts";

const token = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
const EVERY: Rendezvous[] = [
  { path: "/tmp/ünï/s", token, revoke: { read: true, write: false, net: true } },
  {
    path: `/${"x".repeat(106)}`,
    token,
    revoke: { read: false, write: true, net: false },
  },
  { lastDescriptor: 3 },
  { lastDescriptor: 19 },
];

Deno.test("readRendezvous takes what encodeRendezvous made for any link, and nothing behind it", () => {
  for (const rendezvous of EVERY) {
    const encoded = encodeRendezvous(rendezvous);
    const input = reader(new Uint8Array([...encoded, 99]));
    assertEquals(readRendezvous((into) => input.read(into)), rendezvous);
    assertEquals(input.at, encoded.length);
    for (let length = 0; length < encoded.length; length++) {
      const cut = reader(encoded.subarray(0, length));
      assertEquals(readRendezvous((into) => cut.read(into)), null);
    }
  }
});

Deno.test("readRendezvous takes what a program gets from elsewhere for none", () => {
  for (
    const text of ["", "mage-ipc 2\n\0\x03", "MAGE-ipc 1\n\0\x03", "{}", "x".repeat(500)]
  ) {
    const input = reader(new TextEncoder().encode(text));
    assertEquals(readRendezvous((into) => input.read(into)), null);
  }
});
