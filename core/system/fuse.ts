/**
 * Two pipes made into one.
 *
 * @module
 */
import { MisuseError } from "../errors.ts";
import { heldEnd } from "./handle.ts";
import { MessagePipe } from "./message_pipe.ts";
import { settleNotifications } from "./notifications.ts";
import type { PipeEnd } from "./pipe_end.ts";

/**
 * Joins two pipes by an endpoint of each, which are consumed: whoever is at the other end of `one` talks to
 * whoever is at the other end of `other` from here on. What was written and is unread arrives there, and so
 * does the end of either.
 *
 * ```ts
 * import { createMessagePipe, fuseMessagePipes } from "@mage/ipc";
 *
 * const [client, one] = createMessagePipe(), [other, server] = createMessagePipe();
 * client.write(new TextEncoder().encode("early"));
 * fuseMessagePipes(one, other);
 * console.log(new TextDecoder().decode((await server.receive())!.data)); // early
 * client.close();
 * server.close();
 * ```
 *
 * Source: MojoFuseMessagePipes. Unlike there, both may have been used before, and misuse consumes neither.
 *
 * @throws {MisuseError} `INVALID_ARGUMENT` if either cannot be used, or the two are one endpoint or the ends
 * of one pipe; `BUSY` if a message is being encoded that has to come first
 */
export function fuseMessagePipes(one: MessagePipe, other: MessagePipe): void {
  const end = endToFuse(one, "one"), otherEnd = endToFuse(other, "other");
  const { node } = end,
    why = end.node === otherEnd.node
      ? node.fuseRefusal(end.port, otherEnd.port)
      : "they belong to different nodes of this process";
  if (why !== null) {
    throw new MisuseError("INVALID_ARGUMENT", `Cannot fuse pipes: ${why}`);
  }
  const isEncoding = end.port.out.open || otherEnd.port.out.open;
  if (isEncoding && !(end.isPlain && otherEnd.isPlain)) {
    throw new MisuseError("BUSY", "Cannot fuse pipes: a message is being encoded");
  }
  end.tellBeforeFusing(otherEnd);
  otherEnd.tellBeforeFusing(end);
  node.fuse(end.port, otherEnd.port);
  settleNotifications();
}

function endToFuse(pipe: MessagePipe, name: string): PipeEnd {
  if (!(pipe instanceof MessagePipe)) {
    throw new MisuseError(
      "INVALID_ARGUMENT",
      `Cannot fuse pipes: '${name}' must be a MessagePipe`,
    );
  }
  return heldEnd(pipe, "fuse") as PipeEnd;
}
