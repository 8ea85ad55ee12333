/**
 * Moves bytes between a link and its transport: one reader loop, one writer loop.
 *
 * All frames of a turn leave in one write. A write that takes fewer bytes than it was given is
 * continued; reading never waits for writing, so two sides that flood each other both get through.
 *
 * @module
 */
import type { Environment } from "../environment.ts";
import type { Link, Outlet } from "../ports/link.ts";
import type { Node } from "../ports/node.ts";
import type { Transport } from "../transport.ts";
import type { FrameReader } from "../wire/frame.ts";

/** How often the clock is read within one chunk, in frames. */
const FRAMES_A_LOOK = 64;
/** How long one chunk may hold the event loop, in milliseconds. */
const SLICE_MS = 4;

/** How a link ended. */
export interface LinkEnd {
  /** A sentence for people. */
  readonly reason: string;
  /** The rule that the neighbor broke, when that is why. */
  readonly violation: string | null;
}

/** Drives one link. */
export class Pump implements Outlet {
  /** Resolves when the link has ended. Never rejects. */
  readonly ended: Promise<LinkEnd>;
  /** Asked why the neighbor ended the link, when it did so without a word. */
  explain: (() => Promise<string | null>) | null = null;
  readonly #node: Node;
  readonly #link: Link;
  readonly #transport: Transport;
  readonly #reader: FrameReader;
  readonly #environment: Environment;
  #writing: Promise<void> | null = null;
  #flushDue = false;
  #closing = false;
  #closed = false;
  #writeBroken = false;
  /** The rule that the neighbor broke, found while another one's frame was handled. */
  #violation: string | null = null;

  /** Starts writing what waits, and reading, with what `reader` has already. */
  constructor(
    node: Node,
    link: Link,
    transport: Transport,
    reader: FrameReader,
    environment: Environment,
  ) {
    this.#node = node;
    this.#link = link;
    this.#transport = transport;
    this.#reader = reader;
    this.#environment = environment;
    link.start(this);
    this.ended = this.#read();
  }

  /** There is something to write: it leaves with what else this turn makes. */
  wake(): void {
    if (this.#flushDue || this.#writing !== null) return;
    this.#flushDue = true;
    queueMicrotask(this.#flush);
  }

  /** See {@linkcode Outlet.drop}. */
  drop(violation: string | null): void {
    this.#violation ??= violation;
    this.abort();
  }

  /** Resolves when everything written so far has reached the transport. */
  async flushed(): Promise<void> {
    for (;;) {
      if (this.#flushDue || this.#writing !== null) await this.#writing;
      else if (!this.#node.holdsBack(this.#link)) return;
      // What is queued in an endpoint on its way, or waits for credit, leaves only later.
      else await new Promise<void>((resume) => this.#link.whenMoving(resume));
    }
  }

  /** Ends the link once what waits is written. */
  async close(): Promise<void> {
    if (!this.#closing) {
      this.#closing = true;
      await this.flushed();
      this.abort();
    }
    await this.ended;
  }

  /** Ends the link now. */
  abort(): void {
    this.#closing = this.#closed = true;
    this.#transport.close();
  }

  readonly #flush = (): void => {
    this.#flushDue = false;
    const taken = this.#link.take();
    if (taken === null) return;
    if (this.#writeBroken) this.#link.written(taken);
    else this.#writing = this.#write(taken);
  };

  async #write(taken: Uint8Array<ArrayBuffer> | null): Promise<void> {
    for (; taken !== null; taken = this.#link.take()) {
      try {
        let at = 0;
        while (at < taken.length && !this.#writeBroken) {
          const count = await this.#transport.write(
            at === 0 ? taken : taken.subarray(at),
          );
          if (!(count > 0)) throw new Error("the transport wrote nothing");
          at += count;
        }
      } catch {
        // What the neighbor left behind may still be there to read: reading tells when it is over.
        this.#writeBroken = true;
      }
      this.#link.written(taken);
    }
    // ORDER: before anything else can run. A frame that came after the last take must find nobody
    // writing, or nobody would write it.
    this.#writing = null;
  }

  async #read(): Promise<LinkEnd> {
    let end: LinkEnd;
    try {
      end = await this.#readFrames();
    } catch (error) {
      end = {
        reason: this.#closed ? CLOSED_HERE : `reading failed: ${text(error)}`,
        violation: null,
      };
    }
    if (this.#violation !== null) end = dropped(this.#violation);
    if (!this.#closed && end.violation === null && this.explain !== null) {
      end = { ...end, reason: await this.explain() ?? end.reason };
    }
    this.#closing = this.#closed = true;
    this.#transport.close();
    this.#node.disconnect(this.#link, end.reason);
    return end;
  }

  async #readFrames(): Promise<LinkEnd> {
    const reader = this.#reader;
    for (;;) {
      let sliceEnd = 0, frames = 0;
      while (reader.next()) {
        const violation = this.#accept();
        if (violation !== null) return dropped(violation);
        if (this.#closed) return { reason: CLOSED_HERE, violation: null };
        if (++frames % FRAMES_A_LOOK !== 0) continue;
        const now = this.#environment.now();
        if (sliceEnd === 0) sliceEnd = now + SLICE_MS;
        else if (now >= sliceEnd) {
          await this.#environment.nextTurn();
          sliceEnd = 0;
        }
      }
      if (reader.violation !== null) return dropped(reader.violation);
      const count = await this.#transport.read(reader.space());
      if (this.#closed) return { reason: CLOSED_HERE, violation: null };
      if (count === null) {
        const cut = reader.pending > 0 ? " in the middle of a frame" : "";
        return { reason: `the other side ended the link${cut}`, violation: null };
      }
      reader.filled(count);
    }
  }

  #accept(): string | null {
    const { bytes, view, start, end } = this.#reader;
    try {
      return this.#node.accept(this.#link, bytes, view, start, end);
    } catch (error) {
      // A mistake of ours. It must not cost more than this link.
      console.error("@mage/ipc: internal error, dropping a link:", error);
      return "internal-error";
    }
  }
}

const CLOSED_HERE = "the link was closed on this side";

function dropped(violation: string): LinkEnd {
  return {
    reason: `the link was dropped for breaking the rule '${violation}'`,
    violation,
  };
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
