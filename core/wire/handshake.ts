/**
 * The first frames on a link. The invitee says who it is; the inviter answers with its own name and
 * the endpoints it hands over, or refuses. Everything after them is events.
 *
 * @module
 */
import type { Limits } from "../limits.ts";
import { Name } from "../names.ts";
import type { Encoder } from "./encoder.ts";
import { checkDescriptor, DESCRIPTOR_BYTES } from "./event.ts";
import { FRAME_HEAD_BYTES } from "./frame.ts";

/** The version of everything that crosses a link. Both sides must speak the same. */
export const PROTOCOL_VERSION = 1;
/** Optional parts of the protocol that this side knows, as bits. None exist yet. */
export const FEATURES = 0;
/** The longest name of a pipe in an invitation, in bytes of UTF-8. */
export const MAX_PIPE_NAME_BYTES = 255;

/** The most pipes that an invitation hands over. */
export const MAX_PIPES = 128;
/** The longest frame of a handshake: more than that many pipes with names as long as can be. */
export const MAX_HANDSHAKE_BYTES = 65_536;

/** The numbers of the frames, apart from those of events. */
export const HandshakeType: {
  readonly Join: 32;
  readonly Welcome: 33;
  readonly Refused: 34;
} = { Join: 32, Welcome: 33, Refused: 34 };

const MAGIC = 0x4547414d; // "MAGE", read as bytes
/** Flags of a Join or a Welcome, of which one at most is set. */
const JOINS = 1, ISOLATED = 2;
const GREETING_BYTES = FRAME_HEAD_BYTES + 32;

/** What both sides say first. */
export interface Greeting {
  /** The protocol version. */
  readonly version: number;
  /** The feature bits. */
  readonly features: number;
  /** The name of the node. */
  readonly node: Name;
  /** The longest frame that side takes, in bytes. */
  readonly maxFrameBytes: number;
  /** The endpoints that side takes in one message. */
  readonly maxPipesPerMessage: number;
  /** Whether that side takes this one for the broker that brings it into a network. */
  readonly joins: boolean;
  /** Inviter: whether the two stay in networks of their own. Invitee: whether it takes nothing else. */
  readonly isolated: boolean;
}

/** What a Welcome hands over: the name of a pipe, and where its descriptor lies. */
export interface PipeOffer {
  /** The name in the invitation. */
  readonly name: string;
  /** Where the descriptor starts in the buffer of the frame. */
  readonly at: number;
}

/** Opens a Join or a Welcome in `out`. Complete it with {@linkcode closeHandshake}. */
export function openHandshake(
  out: Encoder,
  type: number,
  node: Name,
  limits: Pick<Limits, "maxFrameBytes" | "maxPipesPerMessage">,
  joins: boolean,
  isolated = false,
): void {
  out.begin(GREETING_BYTES);
  const view = out.view, at = out.start;
  const flags = isolated ? ISOLATED : joins ? JOINS : 0;
  view.setUint32(at + 4, type | flags << 8, true);
  view.setUint32(at + 8, MAGIC, true);
  view.setUint16(at + 12, PROTOCOL_VERSION, true);
  view.setUint16(at + 14, FEATURES, true);
  node.write(view, at + 16);
  view.setUint32(at + 32, limits.maxFrameBytes, true);
  view.setUint32(at + 36, limits.maxPipesPerMessage, true);
}

/** Appends the name of a pipe to the open Welcome. Its descriptor follows. */
export function writePipeName(out: Encoder, name: Uint8Array): void {
  out.need(1 + name.length);
  out.bytes[out.at] = name.length;
  out.bytes.set(name, out.at + 1);
  out.at += 1 + name.length;
}

/** Completes the frame, which has `count` pipes in it. */
export function closeHandshake(out: Encoder, count: number): void {
  out.view.setUint32(out.start, out.at - out.start, true);
  out.view.setUint16(out.start + 6, count, true);
  out.pad();
  out.open = false;
  out.start = out.at;
}

/** Appends a whole Refused frame. The reason is for people; it is cut to 200 characters. */
export function writeRefused(out: Encoder, reason: string): void {
  const text = new TextEncoder().encode(reason.slice(0, 200));
  out.begin(FRAME_HEAD_BYTES);
  out.view.setUint32(out.start + 4, HandshakeType.Refused, true);
  out.need(text.length);
  out.bytes.set(text, out.at);
  out.at += text.length;
  closeHandshake(out, 0);
}

/** Reads the reason of a Refused frame: printable ASCII, the rest replaced. */
export function readRefused(bytes: Uint8Array, start: number, end: number): string {
  const text = bytes.subarray(start + FRAME_HEAD_BYTES, Math.min(end, start + 1024));
  return String.fromCharCode(...text).replace(/[^ -~]/g, "?");
}

/** Reads the greeting of a Join or a Welcome. Returns the rule it breaks instead, as text. */
export function readGreeting(
  view: DataView,
  start: number,
  end: number,
): Greeting | string {
  if (end - start < GREETING_BYTES) return "handshake-size";
  if (view.getUint32(start + 8, true) !== MAGIC) return "handshake-magic";
  const flags = view.getUint8(start + 5);
  if (flags > ISOLATED) return "handshake-flags";
  const maxFrameBytes = view.getUint32(start + 32, true);
  if (maxFrameBytes < 1024) return "handshake-frame-limit";
  return {
    version: view.getUint16(start + 12, true),
    features: view.getUint16(start + 14, true),
    node: Name.read(view, start + 16),
    maxFrameBytes,
    maxPipesPerMessage: view.getUint32(start + 36, true),
    joins: flags === JOINS,
    isolated: flags === ISOLATED,
  };
}

/** Reads the pipes of a Welcome. Returns the rule it breaks instead, as text. */
export function readPipeOffers(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
): PipeOffer[] | string {
  const count = view.getUint16(start + 6, true);
  const offers: PipeOffer[] = [], names = new Set<string>();
  let at = start + GREETING_BYTES;
  for (let i = 0; i < count; i++) {
    if (at + 1 > end) return "handshake-size";
    const length = bytes[at]!, descriptor = at + 1 + length;
    if (descriptor + DESCRIPTOR_BYTES > end) return "handshake-size";
    const rule = checkDescriptor(view, descriptor);
    if (rule !== null) return rule;
    const name = readPipeName(bytes.subarray(at + 1, descriptor));
    if (name === null) return "handshake-name";
    if (names.has(name)) return "handshake-name-twice";
    names.add(name);
    offers.push({ name, at: descriptor });
    at = descriptor + DESCRIPTOR_BYTES;
  }
  return at === end ? offers : "handshake-size";
}

/** A name as it was attached: no two spellings of it, and nothing replaced. */
function readPipeName(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
