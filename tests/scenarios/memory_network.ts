/**
 * A network of nodes in one isolate.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { type Environment, realEnvironment } from "../../core/environment.ts";
import { LIMITS } from "../../core/limits.ts";
import { AttachedPipes } from "../../core/system/attached_pipes.ts";
import { acceptInvitation, sendInvitation } from "../../core/system/invitation.ts";
import type { MessagePipe } from "../../core/system/message_pipe.ts";
import { NodeRuntime } from "../../core/system/node_runtime.ts";
import type { Meeter, MeetingPoint, Transport } from "../../core/transport.ts";
import { Remote } from "@mage/ipc";
import { seededEnvironment } from "../sim/random.ts";
import { Peer } from "./member.magen.ts";
import { serveMember } from "./member.ts";
import {
  type AddOptions,
  DrivenNode,
  INVITED,
  type Membership,
  Network,
  until,
} from "./network.ts";

/** Makes a transport. */
export type MakeTransports = () => readonly [Transport, Transport];

let seed = 0;

/** The real world, with randomness that can be had again and a clock that stands still. */
function environment(): Environment {
  return { ...seededEnvironment(++seed), nextTurn: realEnvironment.nextTurn };
}

/** What is left of a member when the broker is gone. */
interface Survivor {
  readonly runtime: NodeRuntime;
  /** Lets somebody drive it. */
  readonly serve: (pipe: MessagePipe) => void;
  /** Ends its link to the broker, at the broker. */
  readonly loseBroker: () => void;
}

/** Nodes of this isolate. */
export class MemoryNetwork extends Network {
  readonly #make: MakeTransports;
  readonly #point: MeetingPoint;
  /** The transports that were arranged and that not both have fetched, by number. */
  readonly #arranged: (readonly [Transport, Transport])[] = [];

  readonly #survivors: Survivor[] = [];

  /** Every two nodes are joined by what `make` makes; `direct` also members. */
  constructor(make: MakeTransports, direct: boolean) {
    super(new NodeRuntime(environment()), direct);
    this.#make = make;
    this.#point = { arrange: () => direct ? this.#arrange() : null };
  }

  #arrange() {
    const number = this.#arranged.push(this.#make()) - 1;
    return { host: new Uint8Array([number, 0]), guest: new Uint8Array([number, 1]) };
  }

  /**
   * Ends the broker without a word. Returns the members in the order of `members`, each driven from
   * within its own node from here on.
   */
  async loseBroker(): Promise<DrivenNode[]> {
    const names = this.members.map(({ name }) => name);
    const survivors = this.#survivors.map(({ runtime, serve, loseBroker }, i) => {
      const [here, there] = runtime.createMessagePipe();
      serve(there);
      loseBroker();
      return new DrivenNode(this, names[i]!, here);
    });
    const { node } = this.runtime;
    await until(() => node.links().length === 0, () => "the broker has links left");
    return survivors;
  }

  protected async join({ inviter }: AddOptions): Promise<Membership> {
    const member = new NodeRuntime(environment());
    const meeter: Meeter = {
      meet: ([number, side], _role, ready) => {
        ready();
        return Promise.resolve(this.#arranged[number!]![side!]!);
      },
    };
    const [here, there] = this.#make(), names = [INVITED];
    const point = { role: "member", point: this.#point } as const;
    const broker = { role: "broker", meeter } as const;
    const [atBroker, atMember] = await Promise.all(
      inviter === "child"
        ? [
          acceptInvitation(this.runtime, here, LIMITS.child, point),
          sendInvitation(
            new AttachedPipes(member, names).begin(),
            there,
            LIMITS.child,
            broker,
          ),
        ]
        : [
          sendInvitation(
            new AttachedPipes(this.runtime, names).begin(),
            here,
            LIMITS.child,
            point,
          ),
          acceptInvitation(member, there, LIMITS.trusted, broker),
        ],
    );
    let invited = atMember.extract(INVITED)!;
    if (inviter === "child") {
      const remote = new Remote(Peer, invited);
      remote.count(1, 0.5, "message");
      remote.say("1000 JPY");
      invited = remote.$.unbind();
    }
    const leave = () => {
      for (const link of member.node.links()) member.node.disconnect(link, "it left");
    };
    const serve = serveMember(member, atMember.pipe, invited, leave);
    this.#survivors.push({ runtime: member, serve, loseBroker: () => atBroker.abort() });
    return {
      pipe: atBroker.pipe,
      invited: atBroker.extract(INVITED)!,
      async kill() {
        leave();
        await atBroker.closed;
      },
      async close() {
        await atBroker.close();
        await atMember.closed;
        leave();
        const { node } = member;
        await until(
          () => node.links().length === 0,
          () => `${node.links().length} links at a member`,
        );
        assertEquals(node.self.link!.unreadBytes, 0);
      },
    };
  }
}
