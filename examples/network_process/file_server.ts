/**
 * A small HTTP server in a process of its own, so that the example has something to fetch without a
 * network.
 *
 * @module
 */
import { Invitation, Receiver } from "@mage/ipc/child";
import { FileServer } from "./file_server.magen.ts";

// Ctrl-C in a terminal reaches every process. When to end is the launcher's to say: this one follows it.
Deno.addSignalListener("SIGINT", () => {});

const { pipe } = await Invitation.accept();

new Receiver(FileServer, {
  serve(root) {
    const server = Deno.serve({
      hostname: "127.0.0.1",
      port: 0,
      onListen: () => {},
    }, async (request) => {
      // The URL parser has resolved any `..`; what the process may read decides in the end.
      const path = root + decodeURIComponent(new URL(request.url).pathname);
      try {
        return new Response(await Deno.readFile(path));
      } catch {
        return new Response("Not found\n", { status: 404 });
      }
    });
    return { port: server.addr.port };
  },
}, pipe);
