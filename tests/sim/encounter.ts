/**
 * Two nodes on their way to a direct link, in the place of the transports that would get them there.
 *
 * @module
 */
import type { Meeting } from "../../core/ports/meeting.ts";
import type { Lane } from "./lane.ts";

/** One of two nodes that are to meet, and what it has been told. */
export interface Party {
  readonly node: number;
  readonly meeting: Meeting;
}

/** What the two know. */
export class Encounter {
  host: Party | null = null;
  guest: Party | null = null;
  /** Whether the guest may come. */
  ready = false;
  /** From when the guest came: its lane to the host, and the one back. */
  lanes: readonly [there: Lane, back: Lane] | null = null;
}

/** What happens next: it goes on, one of them cannot, or the host gives up just as the guest comes. */
export type Turn = "go" | "refuse" | "late";
