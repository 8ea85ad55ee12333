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
  openHandshake,
  PROTOCOL_VERSION,
  readGreeting,
  readPipeOffers,
  readRefused,
  writeRefused,
} from "../wire/handshake.ts";
import type { Attempt } from "./attached_pipes.ts";
import { handleBadMessages } from "./bad_message.ts";
import { Joined, MAIN_PIPE, NearPipes } from "./joined.ts";
import { attend } from "./meeting.ts";
import type { MessagePipe } from "./message_pipe.ts";
import type { NodeRuntime } from "./node_runtime.ts";
import { Pump } from "./pump.ts";

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
  /** Told of messages from it that make no sense. Must not throw. */
  readonly onBadMessage?: (error: IpcError) => void;
}

/**
 * Waits for the neighbor to join, then hands over all that is attached. If it rejects, nothing was handed
 * over; giving the attempt up is the caller's.
 */
export async function sendInvitation(
  attempt: Attempt,
  transport: Transport,
  limits: Limits,
  standing: Standing = { role: "member" },
): Promise<Joined> {
  const { runtime } = attempt, { node } = runtime;
  const reader = new FrameReader(MAX_HANDSHAKE_BYTES);
  const greeting = await readHandshake(transport, reader, HandshakeType.Join);
  const refuse = async (error: InvitationError): Promise<never> => {
    const out = new Encoder(4096);
    writeRefused(out, error.message);
    await writeAll(transport, out.take()).catch(() => {});
    transport.close();
    throw error;
  };
  if (!attempt.isUnderWay) return await refuse(givenUp());
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
    if (!attempt.isUnderWay) {
      node.disconnect(link, "the invitation was given up");
      return await refuse(givenUp());
    }
  }
  const out = link.output, { maxFrameBytes } = out;
  // The handshake has a limit of its own: the neighbor's may be too small for all the names.
  out.maxFrameBytes = MAX_HANDSHAKE_BYTES;
  openHandshake(out, HandshakeType.Welcome, node.self.name, limits, joins, isolated);
  const near = attempt.handOver(link, out);
  out.maxFrameBytes = maxFrameBytes;
  link.touch();
  reader.maxFrameBytes = limits.maxFrameBytes;
  const pump = new Pump(node, link, transport, reader, runtime.environment);
  return new Joined(pump, near, isolated);
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
  return new Joined(pump, new NearPipes(pipes), isolated);
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
  if (standing.onBadMessage) handleBadMessages(link.neighbor, standing.onBadMessage);
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

function givenUp(): InvitationError {
  return new InvitationError("refused", "The invitation was given up meanwhile");
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
