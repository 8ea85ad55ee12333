/**
 * Connected Unix sockets, both ends in this process.
 *
 * @module
 */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A new path for a socket, gone with its directory. */
async function withPath<T>(use: (path: string) => Promise<T>): Promise<T> {
  const directory = await Deno.makeTempDir();
  try {
    return await use(`${directory}/s`);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Both ends of a connection of Deno. */
export function connectedConns(): Promise<[Deno.UnixConn, Deno.UnixConn]> {
  return withPath(async (path) => {
    using listener = Deno.listen({ transport: "unix", path });
    return await Promise.all([
      listener.accept(),
      Deno.connect({ transport: "unix", path }),
    ]);
  });
}

/** Both ends of a connection of `node:net`. */
export function connectedSockets(): Promise<[Socket, Socket]> {
  return withPath(async (path) => {
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
    server.listen(path);
    await once(server, "listening");
    const accepted = once(server, "connection");
    const socket = connect({ path, allowHalfOpen: true });
    await once(socket, "connect");
    const [other] = await accepted as [Socket];
    server.close();
    return [socket, other];
  });
}
