/**
 * What every way of starting a child comes to: something that runs, will join, and will end.
 *
 * @module
 */
import type { MeetingPoint, Transport } from "../core/transport.ts";

/** A child that has been started and is to join. */
export interface Started {
  /** Its process number; `null` for a worker. */
  readonly pid: number | null;
  /** The flags it was started with; for a worker none. */
  readonly flags: readonly string[];
  /** Resolves when it has exited. A worker: success, code 0; code 1 when it ended by an uncaught error. */
  readonly status: Promise<Deno.CommandStatus>;
  /** Where its siblings can meet it; `null` when only through this process. */
  readonly point: MeetingPoint | null;
  /** Its standard input, if kept. A worker has none: `TypeError`. */
  readonly stdin: WritableStream<Uint8Array<ArrayBuffer>>;
  /** Its standard output, if piped. A worker has none: `TypeError`. */
  readonly stdout: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** The end of its standard error, for error messages. */
  readonly stderrTail: string;
  /** The same, as the end of an error message; empty when there is nothing to quote. */
  quote(): string;
  /** Waits until it has come. Called once. Rejects when it can come no more. */
  accept(): Promise<Transport>;
  /** Resolves when it has exited and nothing of its start is left behind. */
  exited(): Promise<Deno.CommandStatus>;
  /** Gives it a moment to exit. How it did, as the end of a sentence, or `null` if it did not. */
  exitSoon(): Promise<string | null>;
  /** Sends a signal. Does nothing once it has exited. */
  kill(signal: Deno.Signal): void;
  /** Gives it some time to end by itself, asks it to, kills it. */
  end(): void;
}
