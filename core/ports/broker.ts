/**
 * A node that brought others into the network, as the one that makes them known to each other: any two
 * that are below it, unless one further down can. Two members either get a direct link, which it arranges and then has no part in, or talk
 * through it: never one after the other, so that nothing said is left behind.
 *
 * ```text
 *            asked, and they can meet                Ready              Met
 *   (none) ---------------------------> OFFERED ----------> INVITED ----------> DIRECT
 *      |                                   | Failed            | Failed            | Drop
 *      | asked, and they cannot            v                   v                   v
 *      +--------------------------------> RELAYED <------------+----- Drop -----> LOST
 * ```
 *
 * Drop leads to LOST from every state. The host is told first, and the guest only once the host is
 * ready, so that the guest never comes too early. The guest's word counts: it says Met before it sends
 * the first event, and Failed only if it never will. A pair that says both is lost.
 *
 * @module
 */
import type { Name, NameSource } from "../names.ts";
import {
  INTRODUCE_BYTES,
  IntroduceAs,
  type Introduction,
  LOST_PAIR,
  MAX_MEANS_BYTES,
  NODE,
  NODE_FRAME_BYTES,
  NodeFrameType,
  writeIntroduce,
  writeNodeFrame,
  writeWrapped,
} from "../wire/node_frame.ts";
import { checkEvent } from "../wire/event.ts";
import type { Arrangement } from "../transport.ts";
import type { Arrival } from "./arrival.ts";
import { Backlog } from "./backlog.ts";
import type { Link } from "./link.ts";
import type { Members } from "./members.ts";

const PairState = { Offered: 0, Invited: 1, Direct: 2, Relayed: 3, Lost: 4 } as const;
const NO_MEANS = new Uint8Array(0);

/** Two members that were introduced. */
class Pair {
  state: number = PairState.Offered;
  readonly host: Link;
  readonly guest: Link;
  readonly hostToken: Name;
  readonly guestToken: Name;
  readonly arrangement: Arrangement | null;
  readonly #toHost = new Backlog();
  readonly #toGuest = new Backlog();

  constructor(host: Link, guest: Link, names: NameSource) {
    this.host = host;
    this.guest = guest;
    this.hostToken = names.next();
    this.guestToken = names.next();
    const arrangement = host.point && guest.point && host.point.arrange(guest.point);
    const fits = arrangement !== null &&
      Math.max(arrangement.host.length, arrangement.guest.length) <=
        Math.min(MAX_MEANS_BYTES, this.maxFrameBytes - INTRODUCE_BYTES);
    this.arrangement = fits ? arrangement : null;
  }

  other(link: Link): Link {
    return link === this.host ? this.guest : this.host;
  }

  backlogTo(link: Link): Backlog {
    return link === this.host ? this.#toHost : this.#toGuest;
  }

  /** The longest frame that passes whichever way the two are linked. */
  get maxFrameBytes(): number {
    const { host, guest } = this;
    return Math.min(host.output.maxFrameBytes, guest.output.maxFrameBytes) -
      NODE_FRAME_BYTES;
  }

  /** Tells `link` how to meet the other. */
  introduce(link: Link, as: number, means: Uint8Array<ArrayBuffer>): void {
    const how: Introduction = {
      as,
      maxFrameBytes: this.maxFrameBytes,
      maxPipesPerMessage: Math.min(
        this.host.maxPipesPerMessage,
        this.guest.maxPipesPerMessage,
      ),
      hostToken: this.hostToken,
      guestToken: this.guestToken,
      means,
    };
    writeIntroduce(link.events(), this.other(link).neighbor.name, how);
    link.touch();
  }
}

/** Introduces the members of a network. */
export class Broker {
  /** Events passed on between members, for tests and statistics. */
  relayedEvents = 0;
  /** Direct links between members that came of introductions, for tests and statistics. */
  directLinks = 0;
  readonly #members: Members;
  readonly #names: NameSource;
  readonly #pairs: Map<Link, Map<Link, Pair>> = new Map();

  /** Makes a broker for `members`. */
  constructor(members: Members, names: NameSource) {
    this.#members = members;
    this.#names = names;
  }

  /** Handles a frame of a member. Returns the rule it breaks. */
  accept(event: Arrival): string | null {
    const link = event.neighbor.link!, name = event.name(NODE);
    if (event.type === NodeFrameType.Ask) return this.#ask(link, name);
    const other = this.#members.get(name);
    if (other === null) {
      // Stale: it was gone by the time this was sent, or it was never known, which harms nobody.
      return null;
    }
    const pair = this.#pairs.get(link)?.get(other);
    if (pair === undefined) return "not-introduced"; // Hostile.
    if (pair.state === PairState.Lost) return null; // Stale: told, and it crossed this.
    switch (event.type) {
      case NodeFrameType.Ready:
        return this.#ready(pair, link);
      case NodeFrameType.Met:
        return this.#met(pair, link);
      case NodeFrameType.Failed:
        return this.#failed(pair, link);
      case NodeFrameType.Drop:
        this.#lose(pair, pair.other(link));
        return null;
      default:
        return this.#relayed(pair, link, event);
    }
  }

  /** The link to a member has ended: whoever was introduced to it is told. */
  lost(link: Link): void {
    const pairs = this.#pairs.get(link);
    if (pairs === undefined) return; // Benign: it was never introduced to anybody.
    this.#pairs.delete(link);
    for (const [other, pair] of pairs) {
      this.#pairs.get(other)!.delete(link);
      if (pair.state !== PairState.Lost) tell(other, 0, link.neighbor.name);
    }
  }

  #ask(link: Link, name: Name): string | null {
    const other = this.#members.get(name);
    if (other === link) return "asked-for-known"; // Hostile.
    if (other === null) {
      // Benign: it has ended, or is of another network.
      tell(link, 0, name);
      return null;
    }
    const known = this.#pairs.get(link)?.get(other);
    if (known !== undefined) {
      // Benign: both asked at the same time; or it is told again that they are lost to each other.
      if (known.state === PairState.Lost) tell(link, LOST_PAIR, name);
      return null;
    }
    const pair = new Pair(link, other, this.#names);
    this.#pairsOf(link).set(other, pair);
    this.#pairsOf(other).set(link, pair);
    if (pair.arrangement === null) this.#relay(pair);
    else pair.introduce(link, IntroduceAs.Host, pair.arrangement.host);
    return null;
  }

  #pairsOf(link: Link): Map<Link, Pair> {
    let pairs = this.#pairs.get(link);
    if (pairs === undefined) this.#pairs.set(link, pairs = new Map());
    return pairs;
  }

  #relay(pair: Pair): void {
    pair.state = PairState.Relayed;
    pair.introduce(pair.host, IntroduceAs.Relayed, NO_MEANS);
    pair.introduce(pair.guest, IntroduceAs.Relayed, NO_MEANS);
  }

  #ready(pair: Pair, link: Link): string | null {
    if (pair.state === PairState.Relayed) return null; // Stale: it was called off.
    if (pair.state !== PairState.Offered || link !== pair.host) return "not-host"; // Hostile.
    pair.state = PairState.Invited;
    pair.introduce(pair.guest, IntroduceAs.Guest, pair.arrangement!.guest);
    return null;
  }

  #met(pair: Pair, link: Link): string | null {
    if (link !== pair.guest) return "not-guest"; // Hostile.
    if (pair.state === PairState.Relayed) {
      // Stale: the host had given up. What the guest has sent directly is gone.
      this.#lose(pair, pair.host, pair.guest);
      return null;
    }
    if (pair.state !== PairState.Invited) return "not-invited"; // Hostile.
    pair.state = PairState.Direct;
    this.directLinks++;
    return null;
  }

  #failed(pair: Pair, link: Link): string | null {
    if (pair.state === PairState.Relayed) return null; // Stale: the other said so first.
    const offered = pair.state === PairState.Offered;
    if (offered && link !== pair.host) return "not-invited"; // Hostile.
    if (pair.state !== PairState.Direct) {
      this.#relay(pair);
      return null;
    }
    if (link === pair.guest) return "met-and-failed"; // Hostile.
    // Stale: the host gave up as the guest came.
    this.#lose(pair, pair.host, pair.guest);
    return null;
  }

  /** The two are lost to each other for ever. */
  #lose(pair: Pair, ...told: Link[]): void {
    pair.state = PairState.Lost;
    for (const link of told) tell(link, LOST_PAIR, pair.other(link).neighbor.name);
  }

  #relayed(pair: Pair, link: Link, event: Arrival): string | null {
    if (pair.state !== PairState.Relayed) return "not-relayed"; // Hostile.
    const { bytes, view, end } = event, start = event.start + NODE_FRAME_BYTES;
    if (end - start > pair.maxFrameBytes) return "relayed-too-long"; // Hostile.
    const rule = checkEvent(view, start, end);
    if (rule !== null) return rule; // Hostile: the neighbor pays here, not the pair there.
    const other = pair.other(link);
    const out = other.events();
    writeWrapped(out, NodeFrameType.Relayed, link.neighbor.name, bytes, start, end);
    this.relayedEvents++;
    // Whoever is below shares the way there.
    const carrier = other.carrier ?? other;
    carrier.charge(pair.backlogTo(other), end - event.start);
    other.touch();
    // Stale: the other one does not read. Who sent it the most is parted from it.
    if (carrier.chargedBytes > carrier.limits.maxUnreadBytes) this.#relieve(carrier);
    return null;
  }

  #relieve(carrier: Link): void {
    let most: Pair | null = null, to: Link = carrier, bytes = 0;
    for (const [link, pairs] of this.#pairs) {
      if ((link.carrier ?? link) !== carrier) continue;
      for (const pair of pairs.values()) {
        const backlog = pair.backlogTo(link).bytes;
        if (pair.state !== PairState.Relayed || backlog <= bytes) continue;
        [most, to, bytes] = [pair, link, backlog];
      }
    }
    if (most === null) return;
    this.#lose(most, most.host, most.guest);
    // Or the next small message would part its sender too.
    carrier.forgive(most.backlogTo(to));
  }
}

/** Tells the member that is there of a loss. */
export function tell(link: Link, flags: number, node: Name): void {
  writeNodeFrame(link.events(), NodeFrameType.Lost, flags, node);
  (link.carrier ?? link).unsentAnswerBytes += NODE_FRAME_BYTES;
  link.touch();
}
