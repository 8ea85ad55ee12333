/**
 * A child that finds the rendezvous by hand, so that it can misbehave at any point: its first argument
 * says how.
 *
 * @module
 */
import { PROTOCOL_VERSION } from "../../../core/wire/handshake.ts";
import { Encoder } from "../../../core/wire/encoder.ts";
import {
  closeHandshake,
  HandshakeType,
  openHandshake,
} from "../../../core/wire/handshake.ts";
import { LIMITS } from "../../../core/limits.ts";
import { Name } from "../../../core/names.ts";
import { SocketTransport } from "../../../transports/socket.ts";
import { readRendezvous } from "../../../transports/unix.ts";

const rendezvous = readRendezvous((into) => {
  for (let at = 0; at < into.length;) {
    const count = Deno.stdin.readSync(into.subarray(at));
    if (count === null) return false;
    at += count;
  }
  return true;
})!;
const how = Deno.args[0];

if (how === "never-connect") await forever();
const conn: Pick<Deno.Conn, "read" | "write" | "close"> = "path" in rendezvous
  ? await Deno.connect({ transport: "unix", path: rendezvous.path })
  : SocketTransport.adopt(3) as never;
const token = "path" in rendezvous ? rendezvous.token : null;
if (how === "connect-and-exit") Deno.exit(7);
if (how === "wrong-token") {
  await conn.write(new Uint8Array(token!.length));
  console.error(`read: ${await conn.read(new Uint8Array(1))}`);
  Deno.exit(8);
}
if (token !== null) await conn.write(token);
if (how === "token-and-exit") Deno.exit(9);
if (how === "token-and-silence") await forever();
if (how === "garbage") await conn.write(new Uint8Array(4096).fill(0x5a));
if (how === "huge-frame") {
  await conn.write(new Uint8Array([0xff, 0xff, 0xff, 0xff, 32, 0, 0, 0]));
}

const [...words] = crypto.getRandomValues(new Int32Array(4)) as unknown as [
  number,
  number,
  number,
  number,
];
const out = new Encoder(4096);
openHandshake(out, HandshakeType.Join, new Name(...words), LIMITS.tiny, false);
if (how === "wrong-version") out.view.setUint16(12, PROTOCOL_VERSION + 1, true);
closeHandshake(out, 0);
const join = out.take();
if (how === "one-byte-at-a-time") {
  for (const byte of join) await conn.write(new Uint8Array([byte]));
} else await conn.write(join);
await conn.read(new Uint8Array(65_536));
if (how === "garbage-after-join") await conn.write(new Uint8Array(4096).fill(0x5a));
if (how === "cut-frame") {
  await conn.write(new Uint8Array([48, 0, 0, 0, 2, 0]));
  conn.close();
}
await forever();

function forever(): Promise<never> {
  setInterval(() => {}, 60_000);
  return new Promise(() => {});
}
