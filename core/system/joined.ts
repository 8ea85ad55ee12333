/**
 * What an invitation has led to: a link, and the ends on this side of the pipes that came with it.
 *
 * @module
 */
import { MisuseError } from "../errors.ts";
import type { MessagePipe } from "./message_pipe.ts";
import type { LinkEnd, Pump } from "./pump.ts";

/** The name of the pipe that every invitation has. */
export const MAIN_PIPE = "main";

/** Ends of pipes on this side, by name. What nobody has taken is closed with them. */
export class NearPipes {
  readonly #main: MessagePipe;
  readonly #untaken: Map<string, MessagePipe>;

  /** Takes over `pipes`, of which one is the main one. */
  constructor(pipes: Map<string, MessagePipe>) {
    this.#main = pipes.get(MAIN_PIPE)!;
    this.#untaken = pipes;
  }

  /** The main one, which belongs to whoever asks. */
  get main(): MessagePipe {
    this.#untaken.delete(MAIN_PIPE);
    return this.#main;
  }

  /** Adds one. */
  add(name: string, pipe: MessagePipe): void {
    this.#untaken.set(name, pipe);
  }

  /** Takes one out; see {@linkcode Joined.extract}. */
  extract(name: string): MessagePipe | null {
    checkExtractable(name);
    const pipe = this.#untaken.get(name) ?? null;
    this.#untaken.delete(name);
    return pipe;
  }

  /** Closes what nobody has taken. */
  close(): void {
    for (const pipe of this.#untaken.values()) pipe.close();
    this.#untaken.clear();
  }
}

/** The main pipe is never extracted: there would be two ways to hold it. */
export function checkExtractable(name: string): void {
  const why = name === MAIN_PIPE
    ? "it is there as 'pipe'"
    : typeof name !== "string"
    ? "its name must be a string"
    : null;
  if (why === null) return;
  throw new MisuseError(
    "INVALID_ARGUMENT",
    `Cannot extract pipe: ${why}: received ${JSON.stringify(name)}`,
  );
}

/**
 * One side of a link that an invitation made, with the pipes it brought. Close it, and the link ends; what
 * was not extracted is closed.
 *
 * ```ts ignore
 * await using joined = await Invitation.accept();
 * using network = new Remote(NetworkProcess, joined.pipe);
 * const log = joined.extract("log");
 * log?.write(new TextEncoder().encode("here I am"));
 * ```
 */
export class Joined implements AsyncDisposable {
  /**
   * Whether the invitation was isolated: then the two are not of one network. Neither learns of anybody
   * whom the other knows, and endpoints whose other end is further away are served through the two.
   */
  readonly isolated: boolean;
  readonly #pump: Pump;
  readonly #pipes: NearPipes;

  /** Made by sending and accepting invitations. */
  constructor(pump: Pump, pipes: NearPipes, isolated: boolean) {
    this.#pump = pump;
    this.#pipes = pipes;
    this.isolated = isolated;
  }

  /** The end on this side of the pipe that every invitation has. */
  get pipe(): MessagePipe {
    return this.#pipes.main;
  }

  /**
   * Takes out the pipe that the inviter has attached as `name`, and owns it from here on. Returns `null`,
   * Mojo's `NOT_FOUND`, when there is none: that is up to the other side, and worth asking for. Each can be
   * taken out once, also after the link has ended; what arrived is still in it.
   *
   * Source: MojoExtractMessagePipeFromInvitation.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` for `main`, which is {@linkcode pipe}, and what is no string
   */
  extract(name: string): MessagePipe | null {
    return this.#pipes.extract(name);
  }

  /** Resolves when the link has ended, to how. Never rejects. */
  get closed(): Promise<LinkEnd> {
    return this.#pump.ended;
  }

  /** Lets whoever knows the other side tell why it ended the link; `null` when it cannot tell. */
  explainEnd(explain: () => Promise<string | null>): void {
    this.#pump.explain = explain;
  }

  /**
   * Resolves when everything sent so far has been given to the operating system, also what waits for an
   * endpoint that the other side has not accepted yet, or for the other side to read what came before.
   */
  flush(): Promise<void> {
    return this.#pump.flushed();
  }

  /**
   * Closes the pipes that nobody has asked for, and ends the link once what was sent is written, as
   * {@linkcode flush}. Every pipe over it is lost then. With {@linkcode abort} it ends whatever the other
   * side does.
   */
  async close(): Promise<void> {
    this.#pipes.close();
    await this.#pump.close();
  }

  /** Ends the link now, and closes the pipes that nobody has asked for. What is not written is dropped. */
  abort(): void {
    this.#pump.abort();
    this.#pipes.close();
  }

  /** As {@linkcode close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
