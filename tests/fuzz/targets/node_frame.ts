/**
 * Frames about nodes, that a member sends to its broker or a broker to its member.
 *
 * @module
 */
import type { Name } from "../../../core/names.ts";
import { Encoder } from "../../../core/wire/encoder.ts";
import { EventType } from "../../../core/wire/event.ts";
import {
  NodeFrameType,
  writeMember,
  writeWrapped,
} from "../../../core/wire/node_frame.ts";
import {
  forged,
  forgedIntroduce,
  forgedNodeFrame,
  forgedRelayed,
} from "../../core/ports/forgery.ts";
import type { Random } from "../../sim/random.ts";
import type { Tally, Target } from "../campaign.ts";
import { Mutator } from "../mutator.ts";
import { Siege } from "../siege.ts";

const ROUND = 64;
const { Ask, Ready, Met, Failed, Drop, Relayed, Introduce, Lost } = NodeFrameType;
const { Member, Gone, Passed, Adopted } = NodeFrameType;
const FROM_MEMBER = [Ask, Ask, Ready, Met, Failed, Drop, Relayed, Member, Gone, Passed];
const FROM_BROKER = [Introduce, Introduce, Lost, Relayed, Relayed, Passed, Adopted];

/** A frame of or for a node further down. */
function passed(node: Name, frame: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const out = new Encoder(65_536, 256), view = new DataView(frame.buffer);
  writeWrapped(out, Passed, node, frame, 0, view.getUint32(0, true));
  return out.take();
}

/** A frame in which the enemy speaks of another node. */
function frame(
  random: Random,
  siege: Siege,
  members: readonly Name[],
  asMember: boolean,
): Uint8Array<ArrayBuffer> {
  const { victim, friend, names } = siege;
  const node = random.oneIn(8)
    ? random.pick([victim.self.name, siege.enemy, names.next()])
    : random.oneIn(2)
    ? random.pick(members)
    : friend.self.name;
  const type = random.pick(asMember ? FROM_MEMBER : FROM_BROKER);
  switch (type) {
    case Member: {
      const out = new Encoder(4096, 64);
      // The victim hears of it as of any other: what is said of it is about somebody.
      writeMember(out, node, {
        maxFrameBytes: random.pick([0, 1024, 65_536]),
        maxPipesPerMessage: 8,
      });
      return out.take();
    }
    case Passed:
      return passed(
        node,
        random.oneIn(3) ? siege.event() : frame(random, siege, members, asMember),
      );
    case Relayed: {
      const event = random.oneIn(2)
        ? siege.event()
        : forged(EventType.Hello, names.next(), names.next(), 0);
      return forgedRelayed(node, event);
    }
    case Introduce:
      return forgedIntroduce(random.oneIn(2) ? node : names.next(), {
        as: random.below(3),
        maxFrameBytes: random.pick([0, 64, 32_768, 0xffff_ffff]),
        means: new Uint8Array(random.pick([0, 4, 1024])),
      });
    default:
      return forgedNodeFrame(type, node, type === Lost ? random.below(2) : 0);
  }
}

/** `checkNodeFrame`, `Broker` and `Membership`. */
export const nodeFrameTarget: Target = {
  name: "node-frame",
  round(random: Random, tally: Tally): void {
    // A broker that is told what a member says, or a member that is told what its broker says.
    const asMember = random.oneIn(2), mutator = new Mutator(random);
    const siege = asMember
      ? new Siege(random, "member", "member")
      : new Siege(random, "broker", "peer");
    const arrangement = random.oneIn(2)
      ? null
      : { host: new Uint8Array(3), guest: new Uint8Array(5) };
    if (asMember) siege.toFriend.point = { arrange: () => arrangement };
    // Members further down that the enemy speaks of.
    const members = [siege.names.next(), siege.names.next()];
    let last: Uint8Array[] = [];
    for (let i = 0; i < ROUND; i++) {
      if (asMember) siege.link.point = siege.toFriend.point;
      const valid = random.oneIn(4)
        ? siege.event()
        : frame(random, siege, members, asMember);
      let input = random.oneIn(2)
        ? valid
        : mutator.mutate(valid, last, siege.dictionary());
      last = [valid];
      if (input.length < 8) input = valid;
      tally.begin();
      const rule = siege.accept(input);
      tally.done(rule);
      siege.check();
      if (rule === null) continue;
      // A member has one broker in its life.
      if (!asMember) break;
      siege.drop(rule);
      siege.check();
      siege.reconnect();
    }
    siege.end();
  },
};
