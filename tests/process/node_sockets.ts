/**
 * Sockets, listeners and files of Node, for tests that hand them over.
 *
 * @module
 */
import { openSync } from "node:fs";
import {
  type AddressInfo,
  connect,
  createServer,
  type Server,
  type Socket,
} from "node:net";

/** A listener that leaves what it accepts alone. */
export async function listening(path?: string): Promise<Server> {
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
  await new Promise<void>((done) =>
    path === undefined ? server.listen(0, "127.0.0.1", done) : server.listen(path, done)
  );
  return server;
}

/** Where it listens. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Who has connected, from Deno, and the socket that was accepted. */
export async function accepted(server: Server): Promise<[Deno.TcpConn, Socket]> {
  const accepting = new Promise<Socket>((came) => server.once("connection", came));
  const conn = await Deno.connect({ hostname: "127.0.0.1", port: portOf(server) });
  return [conn, await accepting];
}

/** A connection over the loopback, from Deno to Node. */
export async function deno2node(): Promise<[Deno.TcpConn, Socket]> {
  const server = await listening();
  try {
    return await accepted(server);
  } finally {
    server.close();
  }
}

/** A socket that was connected to `port`. */
export async function connecting(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await new Promise<void>((done) => socket.on("connect", done));
  return socket;
}

/** A file of `node:fs`. */
export function opened(path: string, flags = "r+"): { readonly fd: number } {
  return { fd: openSync(path, flags) };
}

/** Waits until `is`, which something that is on its way brings about. */
export async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  while (!await is()) await new Promise((next) => setTimeout(next, 5));
}
