/**
 * The child's side of a direct link to a sibling over a socket that both were born with.
 *
 * @module
 */
import type { Meeter, Transport } from "../core/transport.ts";
import { MEANS } from "./means.ts";
import { SocketTransport } from "./socket.ts";

/** Adopts the sockets this process was started with, each once. */
export class InheritedMeeter implements Meeter {
  readonly #unused: Set<number> = new Set();

  /** What the launcher says is there: the descriptors behind the link's, up to `last`. */
  constructor(last: number) {
    for (let descriptor = 4; descriptor <= last; descriptor++) {
      this.#unused.add(descriptor);
    }
  }

  /** See {@linkcode Meeter.meet}. The two are connected already: there is nothing to wait for. */
  // deno-lint-ignore require-await
  async meet(
    means: Uint8Array<ArrayBuffer>,
    role: "host" | "guest",
    ready: () => void,
    signal: AbortSignal,
  ): Promise<Transport> {
    signal.throwIfAborted();
    const [kind, descriptor = -1] = means;
    // Any other descriptor may be one that the runtime lives on.
    if (
      means.length !== 2 || kind !== MEANS.descriptor || !this.#unused.delete(descriptor)
    ) {
      throw new TypeError(`Cannot meet by means of ${means}: no such socket`);
    }
    const transport = SocketTransport.adopt(descriptor);
    if (role === "host") ready();
    return transport;
  }
}
