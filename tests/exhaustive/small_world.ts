/**
 * A world that is small enough to be walked in every order: a few nodes, the frames between them, and
 * people who each do a few things one after the other, as soon as they hold what it takes.
 *
 * @module
 */
import { checkNode, checkNothingLeft } from "./accounts.ts";
import { Encounters } from "./encounters.ts";
import { Fingerprint } from "./fingerprint.ts";
import { check } from "./model.ts";
import { Pipes } from "./pipes.ts";
import { checkNodesAtRest } from "./rest.ts";
import { Traffic } from "./traffic.ts";
import { type Operation, operationsOf, type WorldPlan } from "./world_plan.ts";

/** Something that can happen: deliver on a lane, the next deed of a person, a step of a meeting. */
export type Choice = number;
const PERSON = 1000, MEET = 2000, READ = 3000;

/** A small world. */
export class SmallWorld {
  readonly #plan: WorldPlan;
  readonly #traffic: Traffic;
  readonly #encounters: Encounters;
  readonly #pipes: Pipes;
  readonly #people: Operation[][];
  readonly #done: number[];

  /** Builds it, and lets the pipes come to rest. */
  constructor(plan: WorldPlan) {
    this.#plan = plan;
    const traffic = this.#traffic = new Traffic(plan.nodes, plan.limits);
    this.#encounters = new Encounters(traffic);
    this.#pipes = new Pipes(traffic, plan.bytes ?? 8);
    for (let j = 1; j < plan.nodes; j++) {
      if (plan.links !== "mesh") this.#adopt(plan.parents?.[j - 1] ?? 0, j);
      else for (let i = 0; i < j; i++) traffic.join(i, j, false);
    }
    for (const [i, nodes] of plan.pipes.entries()) this.#pipes.lay(i, nodes);
    this.#people = operationsOf(plan);
    this.#done = plan.people.map(() => 0);
    traffic.settle();
  }

  #adopt(i: number, j: number): void {
    const { nodes } = this.#traffic, link = this.#traffic.join(i, j, true);
    const means = new Uint8Array(4), isRelayed = this.#plan.links === "relayed";
    link.point = { arrange: () => isRelayed ? null : { host: means, guest: means } };
    nodes[j]!.membership.onMeeting = (meeting) => this.#encounters.invited(j, meeting);
    nodes[i]!.announce(link, () => {});
    this.#traffic.settle();
  }

  // ------------------------------------------------------------------ what can happen

  /** All that can happen next. */
  choices(): Choice[] {
    const choices: Choice[] = [];
    for (const [i, lane] of this.#traffic.lanes.entries()) {
      if (this.#traffic.canDeliver(lane)) choices.push(i);
    }
    for (const [i, deeds] of this.#people.entries()) {
      const deed = deeds[this.#done[i]!];
      if (deed === undefined) continue;
      if (isFault(deed)) {
        // All that is under way arrives, or nothing.
        choices.push(PERSON + i, PERSON + 100 + i);
      } else if (this.#pipes.canAct(deed)) choices.push(PERSON + i);
    }
    for (const { at, canFail } of this.#encounters.open()) {
      choices.push(MEET + at);
      if (this.#plan.links === "either" && canFail) choices.push(MEET + 100 + at);
    }
    if (choices.length === 0 && this.#pipes.readable) choices.push(READ);
    return choices;
  }

  /** What a choice is, in words. */
  describe(choice: Choice): string {
    if (choice === READ) return "read all";
    if (choice >= MEET) {
      return `meeting ${choice % 100}${choice >= MEET + 100 ? " fails" : ""}`;
    }
    if (choice >= PERSON) {
      const i = choice % 100, deed = this.#plan.people[i]![this.#done[i]!];
      return choice >= PERSON + 100 ? `${deed}, all under way lost` : `${deed}`;
    }
    const { from, to, frames } = this.#traffic.lanes[choice]!;
    return `${from}->${to} ${frames.length === 0 ? "ends" : `type ${frames[0]![4]}`}`;
  }

  /** Lets it happen. Throws when a promise is broken. */
  take(choice: Choice): void {
    if (choice >= READ) this.#pipes.readOnce();
    else if (choice >= MEET) this.#encounters.goOn(choice % 100, choice >= MEET + 100);
    else if (choice >= PERSON) {
      const i = choice % 100;
      this.#act(this.#people[i]![this.#done[i]!++]!, choice < PERSON + 100);
    } else this.#traffic.deliver(this.#traffic.lanes[choice]!);
    this.#traffic.drain();
    if (this.#plan.lazy) return;
    while (this.#pipes.readable) this.#pipes.readOnce();
    this.#traffic.drain();
  }

  #act(deed: Operation, kept: boolean): void {
    const [one, other] = deed.nodes;
    if (deed.verb === "cut") this.#traffic.cut(one!, other!, kept);
    else if (deed.verb === "kill") {
      this.#pipes.lose(one!);
      this.#traffic.kill(one!, kept);
    } else this.#pipes.act(deed);
  }

  // ------------------------------------------------------------------ checks

  /** Checks what must hold at every moment. */
  check(): void {
    const { blame, nodes, dead } = this.#traffic;
    check(blame === null, `an honest node is blamed: ${blame}`);
    for (const [i, node] of nodes.entries()) if (!dead[i]) checkNode(node);
    this.#pipes.check();
  }

  /** Checks what must hold when nothing more can happen, then closes all and checks that nothing is left. */
  checkRest(): void {
    const { nodes, dead, lanes } = this.#traffic;
    const alive = nodes.filter((_, i) => !dead[i]);
    checkNodesAtRest(alive);
    this.#pipes.checkRest();
    this.#pipes.closeAll();
    this.#traffic.settle();
    for (const { from, output } of lanes) if (!dead[from]) checkNothingLeft(output);
    for (const [i, node] of nodes.entries()) {
      if (dead[i]) continue;
      check(node.ports.size === 0, `node ${i} has ${node.ports.size} ports left`);
    }
  }

  /** A number that stands for all of it. */
  fingerprint(): number {
    const print = new Fingerprint();
    this.#traffic.addTo(print);
    for (const done of this.#done) print.add(done);
    this.#encounters.addTo(print);
    this.#pipes.addTo(print);
    return print.value;
  }
}

function isFault({ verb }: Operation): boolean {
  return verb === "kill" || verb === "cut";
}
