/**
 * Members of a small world that are to meet over a link of their own, and how far they have come.
 *
 * @module
 */
import type { Meeting } from "../../core/ports/meeting.ts";
import type { Membership } from "../../core/ports/membership.ts";
import type { Fingerprint } from "./fingerprint.ts";
import { check } from "./model.ts";
import type { Traffic } from "./traffic.ts";

/** One of two that are to meet. */
interface Party {
  readonly node: number;
  readonly meeting: Meeting;
}

/** Two nodes that are to meet. */
interface Encounter {
  host: Party | null;
  guest: Party | null;
  /** How far it has come: nothing, the host has spoken, the guest has, both have. */
  stage: number;
}

/** All who are to meet. */
export class Encounters {
  readonly #traffic: Traffic;
  readonly #all: Encounter[] = [];

  /** Knows of none yet. */
  constructor(traffic: Traffic) {
    this.#traffic = traffic;
  }

  /** A node is asked to meet another one. */
  invited(node: number, meeting: Meeting): void {
    const { nodes } = this.#traffic;
    let encounter = this.#all.find(({ host, guest }) => {
      const first = (host ?? guest)!;
      return nodes[first.node]!.self.name.equals(meeting.link.neighbor.name) &&
        first.meeting.link.neighbor.name.equals(nodes[node]!.self.name);
    });
    if (encounter === undefined) {
      this.#all.push(encounter = { host: null, guest: null, stage: 0 });
    }
    check(encounter[meeting.role] === null, `node ${node} is asked twice to meet`);
    encounter[meeting.role] = { node, meeting };
  }

  /** The meetings that can go on, and those of them that can fail. */
  open(): { readonly at: number; readonly canFail: boolean }[] {
    return this.#all.flatMap((encounter, at) =>
      this.#canGoOn(encounter) ? [{ at, canFail: encounter.stage < 2 }] : []
    );
  }

  #canGoOn({ host, guest, stage }: Encounter): boolean {
    const next = stage === 1 ? guest : host;
    if (stage === 3 || next === null || this.#traffic.dead[next.node]) return false;
    // A host that heard that it is called off still sees the guest, who came before.
    return stage === 2 || !next.meeting.over;
  }

  /** One meeting goes on, or fails. */
  goOn(at: number, fails: boolean): void {
    const encounter = this.#all[at]!, host = encounter.host!, guest = encounter.guest!;
    const { stage } = encounter;
    encounter.stage++;
    if (stage === 0) {
      if (fails) this.#of(host).failed(host.meeting);
      else this.#of(host).ready(host.meeting);
    } else if (stage === 1) {
      if (fails || host.meeting.over) {
        this.#of(guest).failed(guest.meeting);
        encounter.stage = 3;
        return;
      }
      const there = guest.meeting.link, back = host.meeting.link;
      const [lane, other] = this.#traffic.lay(guest.node, host.node, there, back);
      this.#of(guest).met(guest.meeting);
      this.#traffic.start(lane, other);
    } else {
      const lane = this.#traffic.lanes.at(-2)!, other = this.#traffic.lanes.at(-1)!;
      if (this.#of(host).met(host.meeting)) return this.#traffic.start(other, lane);
      // Nobody reads what the guest sends: it sees its end.
      lane.ended = true;
      lane.frames = [];
      other.cut = true;
    }
  }

  #of({ node }: Party): Membership {
    return this.#traffic.nodes[node]!.membership;
  }

  /** Adds all of it to a state. */
  addTo(print: Fingerprint): void {
    for (const { host, guest, stage } of this.#all) {
      print.add(stage << 4 | stateOf(host) << 2 | stateOf(guest));
    }
  }
}

function stateOf(party: Party | null): number {
  return party === null ? 0 : party.meeting.over ? 1 : 2;
}
