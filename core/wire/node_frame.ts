/**
 * The frames in which nodes, rather than ports, deal with each other: how two members of a network get
 * to know each other through the broker that both are linked to.
 *
 * ```text
 *  member to broker              broker to member
 *  Ask       who is this?        Introduce  meet this node: as host, as guest, or through me
 *  Ready     the guest may come  Lost       this node is gone, or gone for you
 *  Met       we are linked
 *  Failed    we cannot meet      either way
 *  Drop      I am done with it   Relayed    an event of that node, or for it
 *  Member    it joined below me  Passed     a frame of that member further down, or for it
 *  Gone      it has left         Adopted    the whole network knows of it
 * ```
 *
 * Each names one node behind the head that all frames share. What a frame may come from is in the
 * table; what it means, in `core/ports/broker.ts` and `core/ports/membership.ts`.
 *
 * @module
 */
import { Name } from "../names.ts";
import type { Encoder } from "./encoder.ts";
import { FRAME_HEAD_BYTES } from "./frame.ts";

/** The numbers of the frames, apart from those of events and of the handshake. */
export const NodeFrameType: {
  readonly Ask: 16;
  readonly Introduce: 17;
  readonly Ready: 18;
  readonly Met: 19;
  readonly Failed: 20;
  readonly Lost: 21;
  readonly Drop: 22;
  readonly Relayed: 23;
  readonly Member: 24;
  readonly Gone: 25;
  readonly Passed: 26;
  readonly Adopted: 27;
} = {
  Ask: 16,
  Introduce: 17,
  Ready: 18,
  Met: 19,
  Failed: 20,
  Lost: 21,
  Drop: 22,
  Relayed: 23,
  Member: 24,
  Gone: 25,
  Passed: 26,
  Adopted: 27,
};

/** Introduce, flags: how the two are to meet. */
export const IntroduceAs: { readonly Relayed: 0; readonly Host: 1; readonly Guest: 2 } = {
  Relayed: 0,
  Host: 1,
  Guest: 2,
};

/** Lost, flags: the node is alive, but the two will never exchange an event again. */
export const LOST_PAIR = 1;

/** Where the name of the node lies that the frame is about. */
export const NODE: number = FRAME_HEAD_BYTES;
/** Bytes of a frame with nothing but a name; in a Relayed or a Passed, where the frame within starts. */
export const NODE_FRAME_BYTES: number = NODE + 16;
/** The longest means of an Introduce. */
export const MAX_MEANS_BYTES = 1024;

const MAX_FRAME = NODE_FRAME_BYTES;
const MAX_PIPES = MAX_FRAME + 4;
const MEMBER_BYTES = MAX_PIPES + 4;
const HOST_TOKEN = MAX_PIPES + 4;
const GUEST_TOKEN = HOST_TOKEN + 16;
const MEANS = GUEST_TOKEN + 16;
/** Bytes of an Introduce without its means. */
export const INTRODUCE_BYTES: number = MEANS;

/** Who may send a frame to whom. */
type Sender = "member" | "broker" | "either";

interface NodeFrameLayout {
  readonly name: string;
  readonly from: Sender;
  readonly minSize: number;
  readonly maxSize: number;
  readonly maxFlags: number;
}

const wrapping = (name: string): NodeFrameLayout => ({
  name,
  from: "either",
  minSize: NODE_FRAME_BYTES + FRAME_HEAD_BYTES,
  maxSize: Infinity,
  maxFlags: 0,
});
const named = (name: string, from: Sender, maxFlags = 0): NodeFrameLayout => ({
  name,
  from,
  minSize: NODE_FRAME_BYTES,
  maxSize: NODE_FRAME_BYTES,
  maxFlags,
});

/** The layouts, from the first number on. */
export const NODE_FRAMES: readonly NodeFrameLayout[] = [
  named("Ask", "member"),
  {
    name: "Introduce",
    from: "broker",
    minSize: MEANS,
    maxSize: MEANS + MAX_MEANS_BYTES,
    maxFlags: IntroduceAs.Guest,
  },
  named("Ready", "member"),
  named("Met", "member"),
  named("Failed", "member"),
  named("Lost", "broker", LOST_PAIR),
  named("Drop", "member"),
  wrapping("Relayed"),
  { ...named("Member", "member"), minSize: MEMBER_BYTES, maxSize: MEMBER_BYTES },
  named("Gone", "member"),
  wrapping("Passed"),
  named("Adopted", "broker"),
];

/** Whether a frame of this number is about nodes. */
export function isNodeFrame(type: number): boolean {
  return type >= NodeFrameType.Ask && type <= NodeFrameType.Adopted;
}

/**
 * Checks the frame from `start` to `end` against its layout, and whether one like its sender may send
 * it. Returns the rule that is broken, or `null`. Only for numbers that {@linkcode isNodeFrame} knows.
 */
export function checkNodeFrame(
  view: DataView,
  start: number,
  end: number,
  sender: "self" | "member" | "broker" | "peer",
): string | null {
  const layout = NODE_FRAMES[view.getUint8(start + 4) - NodeFrameType.Ask]!;
  const allowed = layout.from === sender ||
    (layout.from === "either" && (sender === "member" || sender === "broker"));
  if (!allowed) return "role";
  if (view.getUint8(start + 5) > layout.maxFlags) return "node-frame-flags";
  if (view.getUint16(start + 6, true) !== 0) return "node-frame-flags";
  const size = end - start;
  if (size < layout.minSize || size > layout.maxSize) return "node-frame-size";
  if (layout.maxSize === Infinity) {
    const inner = view.getUint32(start + NODE_FRAME_BYTES, true);
    if (inner !== size - NODE_FRAME_BYTES) return "node-frame-size";
  }
  return null;
}

/** Appends a whole frame that has nothing but a name. */
export function writeNodeFrame(
  out: Encoder,
  type: number,
  flags: number,
  node: Name,
): void {
  out.need(NODE_FRAME_BYTES);
  const { view, at } = out;
  view.setUint32(at, NODE_FRAME_BYTES, true);
  view.setUint32(at + 4, type | flags << 8, true);
  node.write(view, at + NODE);
  out.at = out.start = at + NODE_FRAME_BYTES;
}

/** What a member takes. */
export interface MemberLimits {
  /** The longest frame, in bytes. */
  readonly maxFrameBytes: number;
  /** Endpoints in one message. */
  readonly maxPipesPerMessage: number;
}

/** Appends a whole Member. */
export function writeMember(out: Encoder, node: Name, limits: MemberLimits): void {
  out.need(MEMBER_BYTES);
  const { view, at } = out;
  view.setUint32(at, MEMBER_BYTES, true);
  view.setUint32(at + 4, NodeFrameType.Member, true);
  node.write(view, at + NODE);
  view.setUint32(at + MAX_FRAME, limits.maxFrameBytes, true);
  view.setUint32(at + MAX_PIPES, limits.maxPipesPerMessage, true);
  out.at = out.start = at + MEMBER_BYTES;
}

/** Reads a Member. Only after {@linkcode checkNodeFrame}. */
export function readMember(view: DataView, start: number): MemberLimits {
  return {
    maxFrameBytes: view.getUint32(start + MAX_FRAME, true),
    maxPipesPerMessage: view.getUint32(start + MAX_PIPES, true),
  };
}

/** How two members are to meet. */
export interface Introduction extends MemberLimits {
  /** One of {@linkcode IntroduceAs}. */
  readonly as: number;
  /** What the host says first, so that the guest knows it. */
  readonly hostToken: Name;
  /** What the guest says first, so that the host knows it. */
  readonly guestToken: Name;
  /** What the transports of the two know how to read. */
  readonly means: Uint8Array<ArrayBuffer>;
}

/** Appends a whole Introduce. */
export function writeIntroduce(out: Encoder, node: Name, how: Introduction): void {
  const size = MEANS + how.means.length;
  out.need(size + 8);
  const { view, at } = out;
  view.setUint32(at, size, true);
  view.setUint32(at + 4, NodeFrameType.Introduce | how.as << 8, true);
  node.write(view, at + NODE);
  view.setUint32(at + MAX_FRAME, how.maxFrameBytes, true);
  view.setUint32(at + MAX_PIPES, how.maxPipesPerMessage, true);
  how.hostToken.write(view, at + HOST_TOKEN);
  how.guestToken.write(view, at + GUEST_TOKEN);
  out.bytes.set(how.means, at + MEANS);
  out.at = at + size;
  out.pad();
  out.start = out.at;
}

/** Reads an Introduce. Only after {@linkcode checkNodeFrame}. */
export function readIntroduce(
  bytes: Uint8Array<ArrayBuffer>,
  view: DataView,
  start: number,
  end: number,
): Introduction {
  return {
    as: view.getUint8(start + 5),
    maxFrameBytes: view.getUint32(start + MAX_FRAME, true),
    maxPipesPerMessage: view.getUint32(start + MAX_PIPES, true),
    hostToken: Name.read(view, start + HOST_TOKEN),
    guestToken: Name.read(view, start + GUEST_TOKEN),
    means: bytes.slice(start + MEANS, end),
  };
}

/** Appends a Relayed or a Passed with the frame from `start` to `end` of `bytes` in it. */
export function writeWrapped(
  out: Encoder,
  type: number,
  node: Name,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  const length = end - start, size = NODE_FRAME_BYTES + length;
  out.need(size + 8);
  const { view, at } = out;
  view.setUint32(at, size, true);
  view.setUint32(at + 4, type, true);
  node.write(view, at + NODE);
  out.bytes.set(bytes.subarray(start, end), at + NODE_FRAME_BYTES);
  out.at = at + size;
  out.pad();
  out.start = out.at;
}
