/**
 * A launcher that hands what it has of Node to a child that outlives it, and says when that has all of it.
 *
 * Arguments: how, the path of a file, the port to connect to.
 *
 * @module
 */
import { type PlatformHandle, wrapPlatformHandle } from "@mage/ipc";
import { connecting, listening, opened, portOf } from "../node_sockets.ts";
import { Puppet } from "../puppet.ts";

const [way, path, port] = Deno.args as [string, string, string];
const server = await listening(), ownPort = portOf(server);
const handles: PlatformHandle[] = [
  wrapPlatformHandle(server),
  wrapPlatformHandle(await connecting(Number(port))),
];
// A channel takes no files.
if (way === "birth") handles.push(wrapPlatformHandle(opened(path)));
await using puppet = await Puppet.spawn({
  link: "inherited",
  args: ["false"],
  ...(way === "birth" ? { descriptors: handles } : { passSockets: true }),
});
await puppet.do(async ({ handles, ipc }) => {
  const [listener, conn, file] = await Promise.all(
    handles.map((handle) => ipc.unwrapPlatformHandle(handle as never)),
  ) as unknown as [
    import("@mage/ipc").OpenListener,
    import("@mage/ipc").OpenConn,
    import("@mage/ipc").OpenFile | undefined,
  ];
  conn.readable.pipeTo(conn.writable);
  (async () => {
    for await (const client of listener) {
      const into = new Uint8Array(100), count = await client.read(into);
      await file?.write(into.subarray(0, count!));
      await client.write(into.subarray(0, count!));
      client.close();
    }
  })();
}, handles);
console.log(JSON.stringify({ port: ownPort, pid: puppet.child.pid }));
await new Promise(() => setInterval(() => {}, 60_000));
