/**
 * A direct link between two members of a network that the broker has arranged, on its way.
 *
 * @module
 */
import type { Name } from "../names.ts";
import { IntroduceAs, type Introduction } from "../wire/node_frame.ts";
import type { Link } from "./link.ts";

/** What one of the two members knows of it. */
export class Meeting {
  /** The link that is to be. What is sent meanwhile waits in it. */
  readonly link: Link;
  /** Whether to wait for the other or to come. */
  readonly role: "host" | "guest";
  /** What the transports of the two know how to read. */
  readonly means: Uint8Array<ArrayBuffer>;
  /** What to say first. */
  readonly ownToken: Name;
  /** What the other has to say first. */
  readonly otherToken: Name;
  /** Whether the broker was told that the guest may come. */
  ready = false;
  /** Whether it has come to an end, one way or the other. */
  over = false;
  /** Called when it is called off: the two are relayed, or one of them is gone. */
  onCancel: (() => void) | null = null;

  /** Makes a meeting of what the broker said. */
  constructor(link: Link, how: Introduction) {
    const host = how.as === IntroduceAs.Host;
    this.link = link;
    this.role = host ? "host" : "guest";
    this.means = how.means;
    this.ownToken = host ? how.hostToken : how.guestToken;
    this.otherToken = host ? how.guestToken : how.hostToken;
  }

  /** Calls it off. */
  cancel(): void {
    if (this.over) return;
    this.over = true;
    this.onCancel?.();
  }
}
