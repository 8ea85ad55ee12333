/**
 * The events that ports send each other: one table from which sizes, names and checks come, and the
 * offsets of their fields. The protocol that gives them their meaning is in `core/ports`.
 *
 * Forward events travel along the route and are numbered; backward events go from a port to the one
 * before it. The sending node is never a field: it is the link a frame came on.
 *
 * @module
 */
import { FRAME_HEAD_BYTES } from "./frame.ts";

/** The numbers of the events. */
export const EventType: {
  readonly Message: 1;
  readonly Hello: 2;
  readonly Switch: 3;
  readonly Skip: 4;
  readonly Closed: 5;
  readonly Probe: 6;
  readonly Accepted: 7;
  readonly Bypass: 8;
  readonly Need: 9;
  readonly Grant: 10;
} = {
  Message: 1,
  Hello: 2,
  Switch: 3,
  Skip: 4,
  Closed: 5,
  Probe: 6,
  Accepted: 7,
  Bypass: 8,
  Need: 9,
  Grant: 10,
};

/** Where `to`, the name of the port an event is for, lies in every event. */
export const TO: number = FRAME_HEAD_BYTES;
/** Where `from`, the name of the port that sent it, lies in every event. */
export const FROM: number = TO + 16;
/** Where the number of a forward event lies. */
export const SEQ: number = FROM + 16;
/** Bytes of the head of a forward event; the payload of a message starts here. */
export const FORWARD_HEAD_BYTES: number = SEQ + 8;
/** Bytes of a backward event without fields of its own. */
export const BACKWARD_HEAD_BYTES: number = SEQ;
/** Switch: the new previous port (node name, port name), then the number its first event has. */
export const SWITCH_PREV: number = FORWARD_HEAD_BYTES;
/** Switch: see {@linkcode SWITCH_PREV}. */
export const SWITCH_FIRST: number = SWITCH_PREV + 32;
/** Probe: the name of the port that sent it first. */
export const PROBE_ORIGIN: number = FORWARD_HEAD_BYTES;
/** Bypass: the address to send to instead (node name, port name). */
export const BYPASS_NEXT: number = BACKWARD_HEAD_BYTES;
/** Flag of Bypass: the answer to a probe of the asker is to come to the one that is asked. */
export const BYPASS_PROBING = 1;
/** Need: the total that the message waiting first takes to be sent. */
export const NEED_TOTAL: number = FORWARD_HEAD_BYTES;
/** Grant: the total that may be sent on the hop, from its first message on. */
export const GRANT_TOTAL: number = BACKWARD_HEAD_BYTES;
/** What `flags` of a Need event says: endpoints are attached to what waits. */
export const NEED_CARRIES = 1;
/** A total that says: send nothing more, nobody reads it. */
export const NOBODY_READS: number = 2 ** 52 - 1;

/** What a message takes of the credit of its hop beyond its payload: the same on both sides. */
export const MESSAGE_OVERHEAD_BYTES = 512;
/** What may be sent on a hop before anything is granted. */
export const OPENING_CREDIT = 4096;

/** Bytes of a descriptor, one for each endpoint attached to a message, behind the payload. */
export const DESCRIPTOR_BYTES = 64;
/** Descriptor: name of the port that moved away, then its first number, then the successor's address. */
export const DESCRIPTOR_FIRST = 16;
/** Descriptor: see {@linkcode DESCRIPTOR_FIRST}. */
export const DESCRIPTOR_NEXT = 24;
/** Descriptor: 1 when the successor's address is there, 0 when the route ahead has ended. */
export const DESCRIPTOR_HAS_NEXT = 56;

/** What `flags` of a Message says: how many proxies passed it on while it carried endpoints. */
export const MESSAGE_HOPS = 0x3f;
/**
 * Flag of a Message: what is behind the data in its payload is for the layer above, as
 * `core/wire/trailer.ts` has it. Ports pass it on and do not look.
 */
export const MESSAGE_TRAILER = 0x40;

/** What `flags` of a Closed event says: closed in good order, or lost. */
export const CLOSED_LOST = 1;

/** The layout of one event. */
export interface EventLayout {
  /** Its name in traces. */
  readonly name: string;
  /** Whether it travels forward and has a number. */
  readonly forward: boolean;
  /** Its exact size; for a Message the smallest. */
  readonly size: number;
  /** The highest value of its flags byte. */
  readonly maxFlags: number;
}

const forward = (name: string, extra: number, maxFlags = 0): EventLayout => ({
  name,
  forward: true,
  size: FORWARD_HEAD_BYTES + extra,
  maxFlags,
});
const backward = (name: string, extra: number, maxFlags = 0): EventLayout => ({
  name,
  forward: false,
  size: BACKWARD_HEAD_BYTES + extra,
  maxFlags,
});

/** The layouts by number. A number without one is no event. */
export const EVENTS: readonly (EventLayout | undefined)[] = [
  undefined,
  forward("Message", 0, MESSAGE_HOPS | MESSAGE_TRAILER),
  forward("Hello", 0),
  forward("Switch", 40),
  forward("Skip", 0),
  forward("Closed", 0, CLOSED_LOST),
  forward("Probe", 16),
  backward("Accepted", 0),
  backward("Bypass", 32, BYPASS_PROBING),
  forward("Need", 8, NEED_CARRIES),
  backward("Grant", 8),
];

/** Where events have a further number. */
const NUMBERS: Readonly<Record<number, number | undefined>> = {
  [EventType.Switch]: SWITCH_FIRST,
  [EventType.Need]: NEED_TOTAL,
  [EventType.Grant]: GRANT_TOTAL,
};

/**
 * Checks the frame from `start` to `end` against its layout: after this every field can be read, and a
 * number is exact. Returns the rule that is broken, or `null`.
 */
export function checkEvent(view: DataView, start: number, end: number): string | null {
  const type = view.getUint8(start + 4);
  const layout = EVENTS[type];
  if (layout === undefined) return "unknown-event";
  if (view.getUint8(start + 5) > layout.maxFlags) return "event-flags";
  const count = view.getUint16(start + 6, true), length = end - start;
  if (type === EventType.Message) {
    if (length < layout.size + count * DESCRIPTOR_BYTES) return "event-size";
    for (let at = end - count * DESCRIPTOR_BYTES; at < end; at += DESCRIPTOR_BYTES) {
      const rule = checkDescriptor(view, at);
      if (rule !== null) return rule;
    }
  } else {
    if (length !== layout.size) return "event-size";
    if (count !== 0) return "event-flags";
    const number = NUMBERS[type];
    if (
      number !== undefined && view.getUint32(start + number + 4, true) > MAX_HIGH_WORD
    ) return "event-number";
  }
  if (layout.forward && view.getUint32(start + SEQ + 4, true) > MAX_HIGH_WORD) {
    return "event-number";
  }
  return null;
}

/** Checks the descriptor at `at`. Returns the rule that is broken, or `null`. */
export function checkDescriptor(view: DataView, at: number): string | null {
  if (view.getUint32(at + DESCRIPTOR_FIRST + 4, true) > MAX_HIGH_WORD) {
    return "event-number";
  }
  if (view.getUint32(at + DESCRIPTOR_HAS_NEXT, true) > 1) return "event-flags";
  return view.getUint32(at + DESCRIPTOR_HAS_NEXT + 4, true) === 0 ? null : "event-flags";
}

/** Numbers stay below 2^52, where adding one is exact. */
const MAX_HIGH_WORD = 0xfffff;

/** Reads a number of a forward event. Only after {@linkcode checkEvent}. */
export function readSeq(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 0x1_0000_0000;
}

/** Writes a number of a forward event. */
export function writeSeq(view: DataView, at: number, seq: number): void {
  view.setUint32(at, seq, true);
  view.setUint32(at + 4, seq / 0x1_0000_0000, true);
}
