/**
 * What carries frames between two nodes: an ordered, reliable stream of bytes with two ends; and how
 * two nodes that know each other only through a third come by one.
 *
 * A transport knows nothing of frames' contents. Whoever drives it keeps one `read` and one `write`
 * under way at most, and reads whatever is written, so that two sides which flood each other never
 * lock up. No timer is on the way of a byte.
 *
 * @module
 */

/** One end of a stream of bytes. The two directions end separately. */
export interface Transport {
  /**
   * Reads at least one byte into `into` and resolves to how many. Borrows `into` until then. Resolves to
   * `null` when the other side has ended its direction, after everything it wrote, and when this end
   * was closed. Rejects when the stream broke; the message of the error says why, for people.
   */
  read(into: Uint8Array<ArrayBuffer>): Promise<number | null>;
  /**
   * Writes some of `bytes` and resolves to how many, at least one. Short writes are the rule: it takes
   * what there is room for, and waits while there is none. Borrows `bytes` until then. Works on after
   * the other side has ended its own direction. Rejects when nothing can be written any more.
   */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<number>;
  /**
   * Ends both directions. What was written before still arrives. A `read` under way resolves to `null`; a
   * `write` rejects, and some of its bytes may have left. Closing twice does nothing.
   */
  close(): void;
}

/** Writes all of `bytes`, in as many pieces as it takes. Rejects when the transport does. */
export async function writeAll(
  transport: Transport,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  let at = 0;
  while (at < bytes.length) at += await transport.write(bytes.subarray(at));
}

/** What two nodes are told so that they meet without the one that introduces them. */
export interface Arrangement {
  /** For the node that waits for the other. */
  readonly host: Uint8Array<ArrayBuffer>;
  /** For the node that comes, once the host has said that it is ready. */
  readonly guest: Uint8Array<ArrayBuffer>;
}

/** Where a child can be met, as its launcher knows it. */
export interface MeetingPoint {
  /**
   * Arranges a direct transport between this child, as the host, and the one at `guest`. `null` when
   * there is no direct way between the two: then the launcher passes on what they say. Never throws.
   */
  arrange(guest: MeetingPoint): Arrangement | null;
}

/** How a child comes by a transport to another one, once its launcher has arranged it. */
export interface Meeter {
  /**
   * Takes part in a meeting as arranged. A host calls `ready` once the guest may come. Rejects when it
   * cannot, when `means` make no sense, and when `signal` fires; then it leaves nothing open.
   */
  meet(
    means: Uint8Array<ArrayBuffer>,
    role: "host" | "guest",
    ready: () => void,
    signal: AbortSignal,
  ): Promise<Transport>;
}
