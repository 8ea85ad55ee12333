/**
 * The pipes of an invitation, until it is sent.
 *
 * The far end of each is a port that no handle has ever held: whatever is written to the near end, also
 * what the two ends tell each other, waits in it as it came, and goes along with it.
 *
 * @module
 */
import { InvitationError, MisuseError } from "../errors.ts";
import type { Link } from "../ports/link.ts";
import type { Port } from "../ports/port.ts";
import type { Encoder } from "../wire/encoder.ts";
import {
  closeHandshake,
  MAX_PIPE_NAME_BYTES,
  MAX_PIPES,
  writePipeName,
} from "../wire/handshake.ts";
import { checkExtractable, MAIN_PIPE, NearPipes } from "./joined.ts";
import type { MessagePipe } from "./message_pipe.ts";
import type { NodeRuntime } from "./node_runtime.ts";
import { settleNotifications } from "./notifications.ts";

/** What an invitation holds as long as it is not sent. */
export class AttachedPipes {
  /** The node that invites. */
  readonly runtime: NodeRuntime;
  readonly #far: Map<string, Port> = new Map();
  #near: NearPipes | null = null;
  #attempt: Attempt | null = null;
  #isClosed = false;

  /** Makes pipes called `names`, besides the main one, that wait to be extracted where they are sent from. */
  constructor(runtime: NodeRuntime, names: readonly string[] = []) {
    this.runtime = runtime;
    if (!Array.isArray(names)) {
      throw new MisuseError(
        "INVALID_ARGUMENT",
        `Option 'pipes' must be an array of names: received ${JSON.stringify(names)}`,
      );
    }
    try {
      for (const name of names) this.#ends.add(name, this.attach(name));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** The near end of the main pipe, which belongs to whoever asks. */
  get pipe(): MessagePipe {
    if (this.#near === null) this.#checkOpen("use pipe of invitation");
    return this.#ends.main;
  }

  /** Adds a pipe and returns its near end. */
  attach(name: string): MessagePipe {
    const refuse = (result: "INVALID_ARGUMENT" | "ALREADY_EXISTS", why: string) =>
      new MisuseError(result, `Cannot attach pipe: ${why}`);
    const wrong = nameFault(name);
    if (wrong !== null) throw refuse("INVALID_ARGUMENT", wrong);
    this.#checkOpen(`attach pipe '${name}'`);
    if (name === MAIN_PIPE) {
      const why = `every invitation has '${MAIN_PIPE}' already, as 'pipe'`;
      throw refuse("ALREADY_EXISTS", why);
    }
    if (this.#far.has(name)) {
      throw refuse("ALREADY_EXISTS", `one is called '${name}' already`);
    }
    // The main one counts whether it is made yet or not.
    if (this.#far.size + (this.#near === null ? 1 : 0) >= MAX_PIPES) {
      throw new MisuseError(
        "RESOURCE_EXHAUSTED",
        `Cannot attach pipe '${name}': an invitation has ${MAX_PIPES} pipes at most, with '${MAIN_PIPE}'; send further endpoints over one of them`,
      );
    }
    return this.#make(name);
  }

  /** Takes the far end of a pipe back. */
  extract(name: string): MessagePipe | null {
    checkExtractable(name);
    this.#checkOpen(`extract pipe '${name}'`);
    const port = this.#far.get(name);
    if (port === undefined) return null;
    this.#far.delete(name);
    return this.runtime.pipeOf(port);
  }

  /** Starts to send it. One attempt is under way at a time; one that was given up can be followed by another. */
  begin(isolated = false): Attempt {
    this.#checkOpen("send invitation");
    if (isolated && this.#far.size > (this.#near === null ? 0 : 1)) {
      const names = [...this.#far.keys()].filter((name) => name !== MAIN_PIPE);
      throw new MisuseError(
        "INVALID_ARGUMENT",
        `Cannot send invitation with 'isolated': it has one pipe then, '${MAIN_PIPE}'; send further endpoints over that: received '${
          names[0]
        }'${names.length > 1 ? ` and ${names.length - 1} more` : ""}`,
      );
    }
    return this.#attempt = new Attempt(this.runtime, this.#far, () => this.#ends);
  }

  /** Closes every far end, and the near ones that nobody has asked for. Does nothing once it is sent. */
  close(): void {
    if (this.#isClosed || this.#attempt?.isSent) return;
    this.#isClosed = true;
    this.#attempt?.stop();
    const { node } = this.runtime;
    for (const port of this.#far.values()) {
      port.holder = null;
      node.close(port);
    }
    this.#far.clear();
    this.#near?.close();
    settleNotifications();
  }

  get #ends(): NearPipes {
    return this.#near ??= new NearPipes(new Map([[MAIN_PIPE, this.#make(MAIN_PIPE)]]));
  }

  #make(name: string): MessagePipe {
    const [near, far] = this.runtime.node.createPipe();
    // Held, not within a message: what a distant near end sends is bounded as for any end nobody reads.
    far.holder = this;
    this.#far.set(name, far);
    return this.runtime.pipeOf(near);
  }

  #checkOpen(what: string): void {
    const attempt = this.#attempt;
    const why = this.#isClosed
      ? "the invitation was closed"
      : attempt?.isSent
      ? "the invitation was sent; make another one"
      : null;
    if (why !== null) {
      throw new MisuseError("INVALID_ARGUMENT", `Cannot ${what}: ${why}`);
    }
    if (attempt?.isUnderWay) {
      throw new MisuseError("BUSY", `Cannot ${what}: the invitation is being sent`);
    }
  }
}

/** One try to send an invitation. It ends in one of two ways: everything is handed over, or nothing. */
export class Attempt {
  /** The node that invites. */
  readonly runtime: NodeRuntime;
  readonly #far: Map<string, Port>;
  readonly #near: () => NearPipes;
  readonly #stop: AbortController = new AbortController();
  #state: "under way" | "sent" | "given up" = "under way";

  /** Made by {@linkcode AttachedPipes.begin}. */
  constructor(runtime: NodeRuntime, far: Map<string, Port>, near: () => NearPipes) {
    this.runtime = runtime;
    this.#far = far;
    this.#near = near;
  }

  /** Fires when the invitation is closed meanwhile. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Whether it is still to be seen how it ends. */
  get isUnderWay(): boolean {
    return this.#state === "under way";
  }

  /** Whether everything was handed over. */
  get isSent(): boolean {
    return this.#state === "sent";
  }

  /** Leaves everything where it is, for another attempt. False when it is too late for that. */
  giveUp(): boolean {
    if (this.isSent) return false;
    this.#state = "given up";
    return true;
  }

  /** As {@linkcode giveUp}, for good. */
  stop(): void {
    if (!this.isUnderWay) return;
    this.#state = "given up";
    this.#stop.abort(
      new InvitationError(
        "refused",
        "The invitation was closed before the other side had joined",
      ),
    );
  }

  /**
   * Moves every far end over `link`, and completes the Welcome open in `out` with what each is called.
   * Returns the near ends.
   */
  handOver(link: Link, out: Encoder): NearPipes {
    // ORDER: the main pipe may be made by this, and counts.
    const near = this.#near(), count = this.#far.size;
    for (const [name, port] of this.#far) {
      writePipeName(out, new TextEncoder().encode(name));
      this.runtime.node.handOver(port, link, out);
    }
    this.#far.clear();
    this.#state = "sent";
    closeHandshake(out, count);
    return near;
  }
}

/** What is wrong with the name of a pipe; `null` for nothing. */
function nameFault(name: unknown): string | null {
  const rule = `its name must be a string of 1 to ${MAX_PIPE_NAME_BYTES} bytes of UTF-8`;
  if (typeof name !== "string" || name === "" || !name.isWellFormed()) {
    return `${rule}: received ${JSON.stringify(name)}`;
  }
  const { length } = new TextEncoder().encode(name);
  return length > MAX_PIPE_NAME_BYTES ? `${rule}: received ${length} bytes` : null;
}
