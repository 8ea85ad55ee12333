/**
 * A network as scenarios see it: a broker and members, each a node of its own that does what it is told,
 * over any kind of link.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Remote } from "@mage/ipc";
import { realEnvironment } from "../../core/environment.ts";
import type { MessagePipe } from "../../core/system/message_pipe.ts";
import type { NodeRuntime } from "../../core/system/node_runtime.ts";
import { Member } from "./member.magen.ts";
import { serveMember } from "./member.ts";
import { type NodeState, stateOf } from "./node_state.ts";

/** The pipe that an invitation brings besides the one that drives the member. */
export const INVITED = "invited";
/** How often a condition is looked at before it counts as never coming true. */
const MAX_LOOKS = 30_000;

/** Looks until `condition` holds, a turn or a call each time. `what` says what does not hold. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: () => string,
): Promise<void> {
  for (let looks = 0; !await condition(); looks++) {
    assert(looks < MAX_LOOKS, `it never comes about: ${what()}`);
    await realEnvironment.nextTurn();
  }
}

/** One node, and what drives it. */
export class DrivenNode {
  /** For people. */
  readonly name: string;
  /** Does in the node what it is told. */
  readonly driver: Remote<Member>;
  /** The network it is in. */
  readonly network: Network;
  /** The pipe that its invitation brought: the end at the broker, and the one here. */
  invited!: readonly [atBroker: End, atMember: End];

  /** Drives the node over `pipe`. */
  constructor(network: Network, name: string, pipe: MessagePipe) {
    this.network = network;
    this.name = name;
    this.driver = new Remote(Member, pipe);
  }

  /** Makes a pipe with both ends there. */
  async createPipe(): Promise<[End, End]> {
    const { one, other } = await this.driver.create();
    return [new End(this, one), new End(this, other)];
  }

  /** Makes a data pipe with both ends there. */
  async createDataPipe(elementSize: number, capacity: number): Promise<[End, End]> {
    const { producer, consumer } = await this.driver.createData(elementSize, capacity);
    return [new End(this, producer), new End(this, consumer)];
  }

  /** Gives an endpoint of this process to the node. */
  async take(pipe: MessagePipe): Promise<End> {
    return new End(this, (await this.driver.take(pipe)).end);
  }

  /** Waits for so many notes of its receivers. */
  async noted(count: number): Promise<string[]> {
    return (await this.driver.noted(count)).notes;
  }

  /** Waits for one endpoint that a call passed. */
  async passed(): Promise<End> {
    return new End(this, (await this.driver.passed(1)).ends[0]!);
  }
}

/** What was read from an endpoint. */
export interface ReadMessage {
  /** What was written. */
  readonly text: string;
  /** What was attached. */
  readonly ends: End[];
}

/** One endpoint, held by a node. */
export class End {
  /** Who holds it. */
  readonly node: DrivenNode;
  /** Its number there. */
  readonly number: number;

  /** The endpoint that `node` knows by `number`. */
  constructor(node: DrivenNode, number: number) {
    this.node = node;
    this.number = number;
  }

  /** Writes a message, with endpoints of the same node attached. */
  async send(text: string, ...attached: End[]): Promise<boolean> {
    const numbers = attached.map(({ number }) => number);
    return (await this.node.driver.write(this.number, text, numbers)).sent;
  }

  /** Waits for a message; `null` when there will be none. */
  async receive(): Promise<ReadMessage | null> {
    const { text, attached } = await this.node.driver.read(this.number);
    if (text === undefined) return null;
    return { text, ends: Array.from(attached, (number) => new End(this.node, number)) };
  }

  /** Waits for a message, which must be `text`, and returns what is attached. */
  async expect(text: string): Promise<End[]> {
    const message = await this.receive();
    assertEquals(message?.text ?? null, text);
    return message!.ends;
  }

  /** Moves it through the hands of this process. */
  async moveTo(node: DrivenNode): Promise<End> {
    return await node.take((await this.node.driver.give(this.number)).pipe);
  }

  /** Moves it over a pipe between the two nodes. */
  async carryTo(node: DrivenNode): Promise<End> {
    if (node === this.node) return this;
    return await (await this.node.network.carrier(this.node, node)).carry(this);
  }

  /** Does one thing of the System API with it; see `operations.ts`. */
  async do<T>(operation: string, args: Record<string, unknown> = {}): Promise<T> {
    const told = JSON.stringify(args);
    return JSON.parse(
      (await this.node.driver.operate(this.number, operation, told)).outcome,
    );
  }

  /** Writes so many numbers. */
  stream(first: number, count: number): Promise<void> {
    return this.node.driver.stream(this.number, first, count);
  }

  /** Waits for so many numbers, which must come in order. */
  collect(first: number, count: number): Promise<void> {
    return this.node.driver.collect(this.number, first, count);
  }

  /** Reads the numbers that are there, and tells which comes next. */
  async collectSome(first: number): Promise<number> {
    return (await this.node.driver.collectSome(this.number, first)).next;
  }

  /** Makes one of its pipe and that of `other`, at the node of both. */
  fuse(other: End): Promise<void> {
    return this.node.driver.fuse(this.number, other.number);
  }

  /** Receives calls on it. */
  serve(label: string): Promise<void> {
    return this.node.driver.serve(this.number, label);
  }

  /** Calls over it. */
  say(text: string): Promise<void> {
    return this.node.driver.say(this.number, text);
  }

  /** Calls over it with an endpoint of the same node. */
  pass(end: End): Promise<void> {
    return this.node.driver.pass(this.number, end.number);
  }

  /** Calls over it. The answer, or the code of what went wrong. */
  async ask(text: string): Promise<string> {
    const answer = await this.node.driver.ask(this.number, text);
    return answer.text ?? answer.code!;
  }

  /** Waits until nothing more will come, and tells why. */
  async closed(): Promise<string> {
    return (await this.node.driver.closed(this.number)).code;
  }

  /** Closes it. */
  close(): Promise<void> {
    return this.node.driver.close(this.number);
  }
}

/** A pipe over which one node sends endpoints to another, one at a time. */
export class Carrier {
  /** The end that sends. */
  readonly from: End;
  /** The end that receives. */
  readonly to: End;
  #last: Promise<unknown> = Promise.resolve();

  /** Sends from one end to the other. */
  constructor(from: End, to: End) {
    this.from = from;
    this.to = to;
  }

  /** Sends `end` over, and returns it as it is known there. */
  carry(end: End): Promise<End> {
    const carried = this.#last.then(async () => {
      const [, message] = await Promise.all([
        this.from.send("carried", end),
        this.to.receive(),
      ]);
      return message!.ends[0]!;
    });
    this.#last = carried.catch(() => {});
    return carried;
  }
}

/** Who invites whom. */
export interface AddOptions {
  /** With `child`, the member invites the broker, and says two things over the invited pipe at once. */
  readonly inviter?: "parent" | "child";
}

/** What a new member is known by: the pipes of its invitation at the broker, and how it ends. */
export interface Membership {
  /** The endpoint that drives it. */
  readonly pipe: MessagePipe;
  /** The other endpoint. */
  readonly invited: MessagePipe;
  /** Ends it without a word, and resolves when the broker has noticed. */
  kill(driver: Member): Promise<void>;
  /** Ends it in good order. */
  close(): Promise<void>;
}

/** A broker and members. */
export abstract class Network implements AsyncDisposable {
  /** The node that the members were brought in by. */
  readonly broker: DrivenNode;
  /** The members, in the order in which they came. */
  readonly members: DrivenNode[] = [];
  /** Whether the first two members get a link of their own. */
  readonly direct: boolean;
  /** The runtime of the broker. */
  protected readonly runtime: NodeRuntime;
  readonly #memberships: Map<DrivenNode, Membership> = new Map();
  readonly #carriers: Map<string, Promise<Carrier>> = new Map();
  #added = 0;

  /** Makes a network of the broker alone. */
  constructor(runtime: NodeRuntime, direct: boolean) {
    this.runtime = runtime;
    this.direct = direct;
    assertEquals(stateOf(runtime.node).open, 0);
    const [here, there] = runtime.createMessagePipe();
    serveMember(runtime, there, null, () => {
      throw new Error("The broker does not leave");
    });
    this.broker = new DrivenNode(this, "broker", here);
  }

  /** Starts a member and joins it. */
  protected abstract join(options: AddOptions): Promise<Membership>;

  /** Brings in one more member. */
  async add(options: AddOptions = {}): Promise<DrivenNode> {
    const membership = await this.join(options);
    const node = new DrivenNode(this, `member ${++this.#added}`, membership.pipe);
    const here = await this.broker.take(membership.invited);
    // The first endpoint that the member was given.
    node.invited = [here, new End(node, 0)];
    this.members.push(node);
    this.#memberships.set(node, membership);
    return node;
  }

  /** Brings in so many members. */
  async addAll(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await this.add();
  }

  /** Ends a member without a word. */
  async kill(node: DrivenNode): Promise<void> {
    await this.#memberships.get(node)!.kill(node.driver);
    this.#forget(node);
  }

  /** Ends a member in good order. */
  async remove(node: DrivenNode): Promise<void> {
    await this.#memberships.get(node)!.close();
    this.#forget(node);
  }

  #forget(node: DrivenNode): void {
    node.driver.$.close();
    this.members.splice(this.members.indexOf(node), 1);
    this.#memberships.delete(node);
  }

  /** The pipe over which `from` sends endpoints to `to`, made when first asked for. */
  carrier(from: DrivenNode, to: DrivenNode): Promise<Carrier> {
    const key = `${from.name} to ${to.name}`;
    let carrier = this.#carriers.get(key);
    if (carrier === undefined) {
      carrier = (async () => {
        const [one, other] = await from.createPipe();
        return new Carrier(one, await other.moveTo(to));
      })();
      this.#carriers.set(key, carrier);
    }
    return carrier;
  }

  /** Makes a pipe with an end at each of the two nodes. */
  async pipeBetween(one: DrivenNode, other: DrivenNode): Promise<[End, End]> {
    const [here, there] = await one.createPipe();
    return [here, await there.moveTo(other)];
  }

  /** Events that the broker has passed on from one member to another. */
  get relayedEvents(): number {
    return this.runtime.node.broker.relayedEvents;
  }

  /** Waits until every member has a direct link to every other one. */
  async linkAll(): Promise<void> {
    const { broker } = this.runtime.node, count = this.members.length;
    for (const one of this.members) {
      for (const other of this.members) {
        if (one !== other) await this.carrier(one, other);
      }
    }
    await until(
      () => broker.directLinks >= count * (count - 1) / 2,
      () => `${broker.directLinks} direct links`,
    );
  }

  /**
   * Waits until no node passes anything on for a route that has moved away, and every account is right.
   * Closes nothing.
   */
  async settle(): Promise<void> {
    await this.#untilRest(() => true);
  }

  /**
   * Closes all endpoints and waits until nothing is left of them anywhere: each node has the pipe that
   * drives it and nothing else, and no account is open.
   */
  async rest(): Promise<void> {
    this.#carriers.clear();
    await Promise.all(this.#nodes().map(({ driver }) => driver.closeAll()));
    // The broker's own driver has both its ends there.
    await this.#untilRest((node, { open, calls }) =>
      calls === 0 && open === (node === this.broker ? 2 + this.members.length : 1)
    );
  }

  #nodes(): DrivenNode[] {
    return [this.broker, ...this.members];
  }

  async #untilRest(fits: (node: DrivenNode, state: NodeState) => boolean): Promise<void> {
    let wrong: string[] = [];
    await until(async () => {
      wrong = [];
      for (const node of this.#nodes()) {
        const state = await node.driver.state();
        if (fits(node, state) && state.passing === 0 && state.wrong === "") continue;
        wrong.push(
          `${node.name} has ${state.open} ports open, ${state.passing} not, ${state.calls} calls; ${state.wrong}`,
        );
      }
      return wrong.length === 0;
    }, () => wrong.join("\n"));
  }

  /** Ends all members and checks that nothing is left at the broker. */
  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.#memberships.values()];
    await Promise.all(all.map((membership) => membership.close()));
    for (const node of [...this.members]) this.#forget(node);
    await this.broker.driver.closeAll();
    this.broker.driver.$.close();
    const { node } = this.runtime;
    await until(
      () => node.ports.size === 0 && node.links().length === 0,
      () => `${node.ports.size} ports and ${node.links().length} links at the broker`,
    );
  }
}
