/**
 * Where a connection is connected and a listener listens, on the wire.
 *
 * @module
 */
import { decodeText, encodeText, MAX_TEXT_BYTES } from "./values.ts";

const ADDRESS_HEAD_BYTES = 12;
/** The most bytes of two addresses. */
export const MAX_ADDRESSES_BYTES: number = 2 * (ADDRESS_HEAD_BYTES + MAX_TEXT_BYTES);

const TRANSPORTS = ["tcp", "udp", "unix", "unixpacket", "vsock"] as const;
const UNIX = 2, VSOCK = 4;

/**
 * Addresses, one after the other: transport (u8), whether there is a text (u8), its bytes (u16), port (u32),
 * cid (u32), text. The text is a host, or a path, which a socket without a name has not.
 */
export function encodeAddresses(
  addresses: readonly Deno.Addr[],
): Uint8Array<ArrayBuffer> {
  const parts = addresses.map((address) => {
    const transport = TRANSPORTS.indexOf(address.transport as "tcp");
    if (transport < 0) {
      throw new Deno.errors.NotSupported("An address of this transport is not served");
    }
    const { hostname, path, port = 0, cid = 0 } = address as {
      hostname?: string;
      path?: string | null;
      port?: number;
      cid?: number;
    };
    const text = encodeText(hostname ?? path ?? "");
    const bytes = new Uint8Array(ADDRESS_HEAD_BYTES + text.length);
    const view = new DataView(bytes.buffer);
    bytes[0] = transport;
    bytes[1] = typeof (hostname ?? path) === "string" ? 1 : 0;
    view.setUint16(2, text.length, true);
    view.setUint32(4, port, true);
    view.setUint32(8, cid, true);
    bytes.set(text, ADDRESS_HEAD_BYTES);
    return bytes;
  });
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Reads `count` addresses, or the rule that they break. */
export function decodeAddresses(body: Uint8Array, count: number): Deno.Addr[] | string {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const found: Deno.Addr[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (body.length - at < ADDRESS_HEAD_BYTES) return "address-size";
    const kind = body[at]!, hasText = body[at + 1]!, transport = TRANSPORTS[kind];
    const length = view.getUint16(at + 2, true), port = view.getUint32(at + 4, true);
    const cid = view.getUint32(at + 8, true), end = at + ADDRESS_HEAD_BYTES + length;
    if (transport === undefined || hasText > 1) return "address-transport";
    if (length > MAX_TEXT_BYTES || end > body.length) return "address-size";
    const text = decodeText(body.subarray(at + ADDRESS_HEAD_BYTES, end));
    if (text === null) return "address-text";
    const isPath = kind >= UNIX && kind < VSOCK, isHost = kind < UNIX;
    if (
      (isHost && (hasText === 0 || port > 0xffff)) || (!isHost && isPath && port !== 0) ||
      (kind !== VSOCK && cid !== 0) || (kind === VSOCK && hasText === 1) ||
      (hasText === 0 && length > 0)
    ) return "address-parts";
    found.push(
      isHost
        ? { transport, hostname: text, port } as Deno.NetAddr
        : isPath
        ? { transport, path: hasText === 1 ? text : null } as unknown as Deno.UnixAddr
        : { transport, cid, port } as Deno.VsockAddr,
    );
    at = end;
  }
  return at === body.length ? found : "address-size";
}
