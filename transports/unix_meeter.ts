/**
 * The child's side of a direct link to a sibling over a socket path that only the two may use.
 *
 * @module
 */
import type { Meeter, Transport } from "../core/transport.ts";
import { MEANS } from "./means.ts";
import { ConnTransport } from "./unix.ts";

/** Listens for one sibling, or connects to it. */
export class UnixMeeter implements Meeter {
  /** See {@linkcode Meeter.meet}. */
  async meet(
    means: Uint8Array<ArrayBuffer>,
    role: "host" | "guest",
    ready: () => void,
    signal: AbortSignal,
  ): Promise<Transport> {
    signal.throwIfAborted();
    if (means[0] !== MEANS.path) {
      throw new TypeError(`Cannot meet by means of kind ${means[0]}: this takes a path`);
    }
    const path = new TextDecoder("utf-8", { fatal: true }).decode(means.subarray(1));
    const conn = role === "host"
      ? await comeTo(path, ready, signal)
      : await goTo(path, signal);
    return new ConnTransport(conn);
  }
}

async function comeTo(
  path: string,
  ready: () => void,
  signal: AbortSignal,
): Promise<Deno.Conn> {
  // Fails when something is there already: it is not ours, so we do not remove it.
  const listener = Deno.listen({ transport: "unix", path });
  let coming: Promise<Deno.Conn> | null = null;
  try {
    ready();
    coming = listener.accept();
    return await unlessAborted(coming, signal);
  } finally {
    // One has come, or nobody: whoever else waits at the door is turned away.
    listener.close();
    // The path is gone once the listener has let go of it, which a pending accept delays.
    await coming?.catch(() => {});
  }
}

async function goTo(path: string, signal: AbortSignal): Promise<Deno.Conn> {
  return await unlessAborted(Deno.connect({ transport: "unix", path }), signal);
}

/** Gives up on a connection when `signal` fires, and closes it if it comes after all. */
async function unlessAborted(
  coming: Promise<Deno.Conn>,
  signal: AbortSignal,
): Promise<Deno.Conn> {
  const { promise, reject } = Promise.withResolvers<never>();
  const aborted = () => reject(signal.reason);
  signal.addEventListener("abort", aborted, { once: true });
  if (signal.aborted) aborted();
  try {
    return await Promise.race([coming, promise]);
  } catch (error) {
    coming.then((conn) => conn.close(), () => {});
    throw error;
  } finally {
    signal.removeEventListener("abort", aborted);
  }
}
