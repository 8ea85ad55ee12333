/**
 * Brings two nodes together over a transport that joins them already: the inviter hands over
 * endpoints by name, the invitee receives them.
 *
 * @module
 */
import { InvitationError, type IpcError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Link, Role } from "../ports/link.ts";
import {
  type Meeter,
  type MeetingPoint,
  type Transport,
  writeAll,
} from "../transport.ts";
import { Encoder } from "../wire/encoder.ts";
import { FrameReader } from "../wire/frame.ts";
import {
  closeHandshake,
  type Greeting,
  HandshakeType,
  MAX_HANDSHAKE_BYTES,
  MAX_PIPE_NAME_BYTES,
  MAX_PIPES,
  openHandshake,
  PROTOCOL_VERSION,
  readGreeting,
  readPipeOffers,
  readRefused,
  writePipeName,
  writeRefused,
} from "../wire/handshake.ts";
import { attend } from "./meeting.ts";
import { type MessagePipe, takePipe } from "./message_pipe.ts";
import type { NodeRuntime } from "./node_runtime.ts";
import { type LinkEnd, Pump } from "./pump.ts";

/** The name of the pipe that every invitation has. */
export const MAIN_PIPE = "main";

/** One side of a link that an invitation made, with the endpoints it brought. */
export class Joined implements AsyncDisposable {
  /** The endpoints on this side, by the names they have in the invitation. */
  readonly pipes: ReadonlyMap<string, MessagePipe>;
  /**
   * Whether the invitation was isolated: then the two are not of one network. Neither learns of anybody
   * whom the other knows, and endpoints whose other end is further away are served through the two.
   */
  readonly isolated: boolean;
  readonly #pump: Pump;

  /** Made by sending and accepting invitations. */
  constructor(pump: Pump, pipes: ReadonlyMap<string, MessagePipe>, isolated = false) {
    this.#pump = pump;
    this.pipes = pipes;
    this.isolated = isolated;
  }

  /** The endpoint that every invitation has. */
  get pipe(): MessagePipe {
    return this.pipes.get(MAIN_PIPE)!;
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
   * Ends the link once what was sent is written, as {@linkcode flush}. Every pipe over it is lost then.
   * With {@linkcode abort} it ends whatever the other side does.
   */
  async close(): Promise<void> {
    await this.#pump.close();
  }

  /** Ends the link now. What was sent and not written is dropped. */
  abort(): void {
    this.#pump.abort();
  }

  /** As {@linkcode close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** What the other side of an invitation is to this one. */
export interface Standing {
  /**
   * Who started whom decides, whichever side invites. A node that has a broker takes no other one: then
   * the two are only neighbors.
   */
  readonly role: "broker" | "member";
  /** Member: where its siblings can meet it. */
  readonly point?: MeetingPoint | null;
  /** Broker: how to meet those that it introduces. */
  readonly meeter?: Meeter | null;
  /**
   * Whether the two stay in networks of their own, whatever the role. On the accepting side: whether it
   * has to be so; without it the inviter decides.
   */
  readonly isolated?: boolean;
}

/** Checks that an isolated invitation hands over its one pipe only. */
export function checkIsolated({ pipes }: { readonly pipes?: readonly string[] }): void {
  if (pipes === undefined) return;
  throw new TypeError(
    "Option 'pipes' makes no sense with 'isolated': an isolated invitation has one pipe; send further endpoints over it",
  );
}

/** Checks the names of the pipes of an invitation; the main one comes first. */
export function pipeNames(more: readonly string[] = []): string[] {
  const names = [MAIN_PIPE, ...more];
  if (names.length > MAX_PIPES) {
    throw new RangeError(
      `Cannot invite: an invitation has ${MAX_PIPES} pipes at most: received ${names.length}`,
    );
  }
  for (const [i, name] of names.entries()) {
    const bytes = typeof name === "string" ? new TextEncoder().encode(name).length : 0;
    if (bytes < 1 || bytes > MAX_PIPE_NAME_BYTES) {
      throw new TypeError(
        `Cannot invite: pipe name must be a string of 1 to ${MAX_PIPE_NAME_BYTES} bytes: received ${
          JSON.stringify(name)
        }`,
      );
    }
    if (names.indexOf(name) !== i) {
      throw new TypeError(`Cannot invite: pipe name '${name}' is given twice`);
    }
  }
  return names;
}

/** Waits for the neighbor to join, then hands over one end of a new pipe for each of `names`. */
export async function sendInvitation(
  runtime: NodeRuntime,
  transport: Transport,
  names: readonly string[],
  limits: Limits,
  standing: Standing = { role: "member" },
): Promise<Joined> {
  const { node } = runtime;
  const reader = new FrameReader(MAX_HANDSHAKE_BYTES);
  const greeting = await readHandshake(transport, reader, HandshakeType.Join);
  const refuse = async (error: InvitationError): Promise<never> => {
    const out = new Encoder(4096);
    writeRefused(out, error.message);
    await writeAll(transport, out.take()).catch(() => {});
    transport.close();
    throw error;
  };
  if (greeting.version !== PROTOCOL_VERSION) return await refuse(wrongVersion(greeting));
  const { isolated = false } = standing;
  if (greeting.isolated && !isolated) {
    return await refuse(disagree("The other side takes an isolated invitation only"));
  }
  const joins = !isolated && standing.role === "broker" && !node.hasMembers &&
    node.membership.claim();
  const link = connect(runtime, greeting, limits, standing, joins, isolated);
  if (link === null) {
    if (joins) node.membership.release();
    return await refuse(protocol("the node is known already"));
  }
  // Nobody may hear of the new node before all that it is introduced by have.
  if (link.role === "member") {
    await new Promise<void>((done) => node.announce(link, done));
  }
  const out = link.output, { maxFrameBytes } = out;
  // The handshake has a limit of its own: the neighbor's may be too small for all the names.
  out.maxFrameBytes = MAX_HANDSHAKE_BYTES;
  openHandshake(out, HandshakeType.Welcome, node.self.name, limits, joins, isolated);
  const pipes = new Map<string, MessagePipe>();
  for (const name of names) {
    const [kept, given] = runtime.createMessagePipe();
    writePipeName(out, new TextEncoder().encode(name));
    node.handOver(takePipe(given, "send").port, link, out);
    pipes.set(name, kept);
  }
  closeHandshake(out, names.length);
  out.maxFrameBytes = maxFrameBytes;
  link.touch();
  reader.maxFrameBytes = limits.maxFrameBytes;
  const pump = new Pump(node, link, transport, reader, runtime.environment);
  return new Joined(pump, pipes, isolated);
}

/** Joins the neighbor and receives what it hands over. */
export async function acceptInvitation(
  runtime: NodeRuntime,
  transport: Transport,
  limits: Limits,
  standing: Standing = { role: "broker" },
): Promise<Joined> {
  const { membership, hasMembers } = runtime.node;
  const joins = standing.isolated !== true && standing.role === "broker" &&
    !hasMembers && membership.claim();
  try {
    const joined = await accept(runtime, transport, limits, standing, joins);
    // The inviter brings it into no network: another one may.
    if (joined.isolated && joins) membership.release();
    return joined;
  } catch (error) {
    if (joins) membership.release();
    throw error;
  }
}

async function accept(
  runtime: NodeRuntime,
  transport: Transport,
  limits: Limits,
  standing: Standing,
  joins: boolean,
): Promise<Joined> {
  const { node } = runtime;
  const reader = new FrameReader(MAX_HANDSHAKE_BYTES);
  const join = new Encoder(4096);
  const insists = standing.isolated === true;
  openHandshake(join, HandshakeType.Join, node.self.name, limits, joins, insists);
  closeHandshake(join, 0);
  try {
    await writeAll(transport, join.take());
  } catch {
    // The inviter may have refused already: what it wrote says why.
  }
  const greeting = await readHandshake(transport, reader, HandshakeType.Welcome);
  if (greeting.version !== PROTOCOL_VERSION) {
    throw closed(transport, wrongVersion(greeting));
  }
  const { isolated } = greeting;
  if (isolated !== (standing.isolated ?? isolated)) {
    const what = isolated ? "an isolated" : "no isolated";
    throw closed(transport, disagree(`The other side sent ${what} invitation`));
  }
  const { bytes, view, start, end } = reader;
  const offers = readPipeOffers(bytes, view, start, end);
  if (typeof offers === "string") throw closed(transport, protocol(offers));
  if (offers.length > limits.maxPipes) {
    throw closed(transport, protocol("too-many-pipes"));
  }
  if (!offers.some((offer) => offer.name === MAIN_PIPE)) {
    throw closed(transport, protocol("handshake-main-pipe"));
  }
  if (isolated && offers.length > 1) throw closed(transport, protocol("isolated-pipes"));
  const link = connect(
    runtime,
    greeting,
    limits,
    standing,
    joins && !isolated,
    isolated,
  );
  if (link === null) throw closed(transport, protocol("the node is known already"));
  const pipes = new Map<string, MessagePipe>();
  for (const offer of offers) {
    pipes.set(offer.name, runtime.pipeOf(node.takeOver(link, view, offer.at)));
  }
  reader.maxFrameBytes = limits.maxFrameBytes;
  const pump = new Pump(node, link, transport, reader, runtime.environment);
  return new Joined(pump, pipes, isolated);
}

function connect(
  runtime: NodeRuntime,
  greeting: Greeting,
  limits: Limits,
  standing: Standing,
  joins: boolean,
  isolated: boolean,
): Link | null {
  const { node } = runtime;
  const member = !isolated && standing.role === "member" && greeting.joins;
  const role: Role = joins ? "broker" : member ? "member" : "peer";
  // What we would not take ourselves we do not send either: one limit tells how large messages get.
  const maxFrameBytes = Math.min(limits.maxFrameBytes, greeting.maxFrameBytes);
  const { maxPipesPerMessage } = greeting;
  const theirs = { maxFrameBytes, maxPipesPerMessage };
  const link = node.connect(greeting.node, role, limits, theirs, isolated);
  if (link === null) return null;
  link.point = standing.point ?? null;
  const { meeter } = standing;
  if (joins && meeter) {
    node.membership.onMeeting = (meeting) => void attend(runtime, meeter, meeting);
  }
  return link;
}

async function readHandshake(
  transport: Transport,
  reader: FrameReader,
  expected: number,
): Promise<Greeting> {
  while (!reader.next()) {
    if (reader.violation !== null) throw closed(transport, protocol(reader.violation));
    let count: number | null;
    try {
      count = await transport.read(reader.space());
    } catch (error) {
      throw closed(transport, disconnected(error));
    }
    if (count === null) throw closed(transport, disconnected(undefined));
    reader.filled(count);
  }
  const { bytes, view, start, end } = reader;
  const type = view.getUint8(start + 4);
  if (type === HandshakeType.Refused && expected === HandshakeType.Welcome) {
    const reason = readRefused(bytes, start, end);
    throw closed(
      transport,
      new InvitationError("refused", `The inviter refused: ${reason}`),
    );
  }
  if (type !== expected) {
    const both = type === HandshakeType.Join
      ? "; both sides accept, one has to send"
      : "";
    throw closed(transport, protocol(`handshake-type${both}`));
  }
  const greeting = readGreeting(view, start, end);
  if (typeof greeting === "string") throw closed(transport, protocol(greeting));
  return greeting;
}

function closed(transport: Transport, error: IpcError): IpcError {
  transport.close();
  return error;
}

function protocol(rule: string): InvitationError {
  return new InvitationError("protocol", `The other side broke the handshake: ${rule}`);
}

function disagree(what: string): InvitationError {
  return new InvitationError(
    "refused",
    `${what}: pass 'isolated' on both sides, or on neither`,
  );
}

function disconnected(cause: unknown): InvitationError {
  return new InvitationError(
    "disconnected",
    "The other side went away before it had joined",
    {
      cause,
    },
  );
}

function wrongVersion(greeting: Greeting): InvitationError {
  return new InvitationError(
    "version",
    `Protocol version ${greeting.version} cannot join version ${PROTOCOL_VERSION}: use the same release of @mage/ipc on both sides`,
  );
}
