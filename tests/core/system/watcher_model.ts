/**
 * Pipes and watchers that are used at random, beside a model of what they have to be.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { MessagePipe } from "../../../core/system/message_pipe.ts";
import type { NodeRuntime } from "../../../core/system/node_runtime.ts";
import {
  Signal,
  type SignalCondition,
  signalNames,
  type SignalsState,
} from "../../../core/system/signal.ts";
import { Watcher, type WatchEvent } from "../../../core/system/watcher.ts";
import { Random } from "../../sim/random.ts";

const { READABLE, WRITABLE, PEER_CLOSED, PEER_REMOTE, QUOTA_EXCEEDED } = Signal;
const WATCHED = [READABLE, WRITABLE, PEER_CLOSED, PEER_REMOTE, QUOTA_EXCEEDED];
/** What callbacks may do within one step. */
const MOST_NESTED = 24;

/** One end of a pipe, wherever it is. */
class ModelEnd {
  peer!: ModelEnd;
  /** The index of its node. */
  place: number;
  pipe: MessagePipe | null;
  isClosed = false;
  /** What is attached to each message that waits. */
  queue: ModelEnd[][] = [];
  quota = Infinity;
  /** The signals that were possible when they were last seen. */
  possible = ~0;
  /** Carries others, and is never carried itself. */
  readonly isWay: boolean;

  constructor(pipe: MessagePipe, place: number, isWay: boolean) {
    this.pipe = pipe;
    this.place = place;
    this.isWay = isWay;
  }

  get state(): SignalsState {
    const { peer, queue } = this, isReadable = queue.length > 0;
    const satisfied = (isReadable ? READABLE : 0) |
      (peer.isClosed ? PEER_CLOSED : WRITABLE) |
      (!peer.isClosed && peer.place !== this.place ? PEER_REMOTE : 0) |
      (queue.length > this.quota ? QUOTA_EXCEEDED : 0);
    const all = READABLE | WRITABLE | PEER_CLOSED | PEER_REMOTE | QUOTA_EXCEEDED;
    const ended = PEER_CLOSED | (isReadable ? READABLE | QUOTA_EXCEEDED : 0);
    return { satisfied, satisfiable: peer.isClosed ? ended : all };
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.pipe = null;
    for (const each of this.queue.splice(0).flat()) each.close();
  }
}

/** One watch of a watcher. */
class ModelWatch {
  readonly end: ModelEnd;
  readonly pipe: MessagePipe;
  readonly signals: number;
  readonly condition: SignalCondition;
  /** What it is known by. */
  readonly context: object;
  /** Whether something ended it. */
  isOver = false;
  /** Whether that was told. */
  isCancelled = false;

  constructor(
    end: ModelEnd,
    signals: number,
    condition: SignalCondition,
    context: object,
  ) {
    this.end = end;
    this.pipe = end.pipe!;
    this.signals = signals;
    this.condition = condition;
    this.context = context;
  }

  /** What it is ready with. */
  get result(): "OK" | "FAILED_PRECONDITION" | null {
    if (this.isOver || !this.pipe.isHeld) return null;
    const { satisfied, satisfiable } = this.pipe.signals;
    const holding = WATCHED.filter((bit) => (satisfied & this.signals & bit) !== 0);
    const wanted = WATCHED.filter((bit) => (this.signals & bit) !== 0);
    if (this.condition === "UNSATISFIED") {
      return holding.length < wanted.length ? "OK" : null;
    }
    if (holding.length > 0) return "OK";
    const hopeless = wanted.every((bit) => (satisfiable & bit) === 0);
    return hopeless ? "FAILED_PRECONDITION" : null;
  }
}

/** A watcher. */
class ModelWatcher {
  readonly watcher: Watcher<object>;
  /** Those that were not cancelled, the latest of each context last. */
  watches: ModelWatch[] = [];
  isArmed = false;
  isClosed = false;
  /** What it told since it was armed. */
  readonly told: Set<ModelWatch> = new Set();

  constructor(told: (model: ModelWatcher, event: WatchEvent<object>) => void) {
    this.watcher = new Watcher((event) => told(this, event));
  }

  get live(): ModelWatch[] {
    return this.watches.filter((each) => !each.isOver);
  }

  get ready(): ModelWatch[] {
    return this.live.filter(({ result }) => result !== null);
  }
}

/** A world of one node, or of several that are linked. */
export class WatchedWorld {
  readonly #random: Random;
  readonly #nodes: readonly NodeRuntime[];
  readonly #ends: ModelEnd[] = [];
  readonly #watchers: ModelWatcher[] = [];
  readonly #contexts: readonly object[] = [{}, {}, {}, {}, {}];
  #calls = 0;
  #isInCallback = false;
  #nested = 0;
  /** Whether a link was lost: what is where is no longer known. */
  isTorn = false;
  #failure: unknown = null;
  /** What was told, for the test to see that something was. */
  readonly counts: Map<string, number> = new Map();

  constructor(seed: number, nodes: readonly NodeRuntime[]) {
    this.#random = new Random(seed);
    this.#nodes = nodes;
    for (let i = 0; i < 2; i++) this.#createPipe(true);
    for (let i = 0; i < 3; i++) this.#createPipe(false);
    for (let i = 0; i < 3; i++) this.#watchers.push(new ModelWatcher(this.#told));
  }

  /** Adds the two ends of a pipe between two nodes, which is for others to travel on. */
  addWay(one: MessagePipe, place: number, other: MessagePipe, there: number): void {
    this.#addPair(new ModelEnd(one, place, true), new ModelEnd(other, there, true));
  }

  #addPair(one: ModelEnd, other: ModelEnd): void {
    one.peer = other;
    other.peer = one;
    this.#ends.push(one, other);
  }

  #createPipe(isWay: boolean): void {
    const place = this.#random.below(this.#nodes.length);
    const [one, other] = this.#call(() => this.#nodes[place]!.createMessagePipe());
    this.#addPair(new ModelEnd(one, place, isWay), new ModelEnd(other, place, isWay));
  }

  // -------------------------------------------------------------------- steps

  /** One call from outside, with all that its callbacks do. */
  step(): void {
    this.#nested = 0;
    this.#act();
    this.rethrow();
    this.#checkAlways();
    if (this.#nodes.length === 1) this.checkQuiet();
  }

  /** What a callback found wrong. */
  rethrow(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  /** Closes everything. */
  end(): void {
    this.#nested = MOST_NESTED;
    const random = this.#random, last = random.oneIn(2);
    const closeWatchers = () =>
      this.#watchers.forEach((each) => this.#closeWatcher(each));
    if (!last) closeWatchers();
    for (const end of this.#ends) if (end.pipe !== null) this.#close(end);
    if (last) closeWatchers();
    this.rethrow();
    for (const { watches } of this.#watchers) assertEquals(watches.length, 0);
  }

  #act(): void {
    const random = this.#random, open = this.#watchers.filter((each) => !each.isClosed);
    const model = random.pick(random.oneIn(20) ? this.#watchers : open);
    const held = this.#ends.filter(({ pipe }) => pipe !== null);
    const end = held.length === 0 ? null : random.pick(held);
    const choice = random.below(24);
    if (choice < 6) this.#arm(model);
    else if (choice < 7 && random.oneIn(3)) this.#cancel(model);
    else if (choice < 8 && random.oneIn(12)) this.#closeWatcher(model);
    else if (end === null || (choice < 8 && this.#ends.length < 60 && random.oneIn(3))) {
      this.#createPipe(random.oneIn(4));
    } else if (choice < 12) this.#watch(model, end);
    else if (choice < 13 && random.oneIn(end.isWay ? 6 : 2)) this.#close(end);
    else if (choice < 14) this.#setQuota(end);
    else if (choice < 19) this.#read(end);
    else this.#write(end, held);
  }

  /** A call of the System API. */
  #call<T>(run: () => T): T {
    this.#calls++;
    try {
      return run();
    } finally {
      this.#calls--;
    }
  }

  #left({ pipe }: ModelEnd): void {
    for (const { watches } of this.#watchers) {
      for (const each of watches) if (each.pipe === pipe) each.isOver = true;
    }
  }

  #close(end: ModelEnd): void {
    const pipe = end.pipe!;
    this.#left(end);
    end.close();
    this.#call(() => pipe.close());
  }

  #write(end: ModelEnd, held: readonly ModelEnd[]): void {
    const pipe = end.pipe!, { peer } = end, cargo: ModelEnd[] = [];
    if (end.isWay) {
      for (const each of held) {
        if (each.isWay || each.place !== end.place || !this.#random.oneIn(3)) continue;
        if (cargo.length < 3) cargo.push(each);
      }
    }
    const pipes = cargo.map((each) => each.pipe!);
    for (const each of cargo) {
      this.#left(each);
      each.pipe = null;
      each.quota = Infinity;
      each.place = peer.place;
    }
    if (peer.isClosed) { for (const each of cargo) each.close(); }
    else peer.queue.push(cargo);
    const data = new Uint8Array(this.#random.below(200)), isEnded = peer.isClosed;
    const result = this.#call(() => pipe.write(data, pipes));
    if (this.#nodes.length === 1) {
      assertEquals(result, isEnded ? "FAILED_PRECONDITION" : "OK");
    }
  }

  #read(end: ModelEnd): void {
    const pipe = end.pipe!, isExact = this.#nodes.length === 1;
    const next = end.queue[0];
    // Over links, what was written may be under way; callbacks see the model as it is before the call.
    if (isExact) end.queue.shift();
    const read = this.#call(() => pipe.read());
    if (isExact) assertEquals(read.result === "OK", next !== undefined);
    if (read.result !== "OK") return;
    assert(next !== undefined || this.isTorn);
    if (!isExact) end.queue.splice(end.queue.indexOf(next!), 1);
    const { handles } = read.message;
    if (next === undefined) return read.message.close();
    assertEquals(handles.length, next.length);
    for (const [i, each] of next.entries()) {
      each.pipe = handles[i] as MessagePipe;
      each.possible = ~0;
    }
  }

  #setQuota(end: ModelEnd): void {
    const limit = this.#random.oneIn(4) ? Infinity : this.#random.below(4);
    const { pipe } = end;
    end.quota = limit;
    this.#call(() => pipe!.setQuota("RECEIVE_QUEUE_LENGTH", limit));
  }

  #watch(model: ModelWatcher, end: ModelEnd): void {
    const random = this.#random, context = random.pick(this.#contexts);
    const live = model.live, { pipe } = end;
    if (model.isClosed || live.some((each) => each.pipe === pipe)) return;
    if (live.some((each) => each.context === context)) return;
    let signals = random.oneIn(2) ? READABLE : random.pick(WATCHED);
    if (random.oneIn(4)) signals |= random.pick(WATCHED);
    const condition = random.oneIn(5) ? "UNSATISFIED" : "SATISFIED";
    model.watches.push(new ModelWatch(end, signals, condition, context));
    this.#call(() => model.watcher.watch(pipe!, signals, context, condition));
  }

  #cancel(model: ModelWatcher): void {
    if (model.isClosed) return;
    const context = this.#random.pick(this.#contexts);
    const found = model.live.find((each) => each.context === context);
    if (found !== undefined) found.isOver = true;
    const result = this.#call(() => model.watcher.cancel(context));
    assertEquals(result, found === undefined ? "NOT_FOUND" : "OK");
  }

  #arm(model: ModelWatcher): void {
    if (model.isClosed) return;
    const max = this.#random.oneIn(2) ? Infinity : this.#random.below(3);
    const { ready, live } = model;
    const armed = this.#call(() => model.watcher.arm(max));
    if (live.length === 0) return assertEquals(armed.result, "NOT_FOUND");
    this.#count(`arm ${armed.result}`);
    if (armed.result === "FAILED_PRECONDITION") {
      assertEquals(armed.ready.length, Math.min(max, ready.length));
      assert(ready.length > 0);
      for (const { context, result, signals } of armed.ready) {
        const watch = ready.find((each) => each.context === context)!;
        assertEquals([result, signals], [watch.result, watch.pipe.signals]);
      }
      assertEquals(
        new Set(armed.ready.map((each) => each.context)).size,
        armed.ready.length,
      );
      return this.#serve(model);
    }
    assertEquals(ready.length, 0);
    model.isArmed = true;
    model.told.clear();
  }

  /** Makes it likely that arming succeeds next time. */
  #serve(model: ModelWatcher): void {
    for (const { end, signals, context } of model.ready) {
      if (this.#random.oneIn(3)) continue;
      for (let i = end.queue.length; i > 0 && end.pipe !== null; i--) this.#read(end);
      if (signals === READABLE || model.isClosed) continue;
      const watch = model.live.find((each) => each.context === context);
      if (watch === undefined) continue;
      watch.isOver = true;
      assertEquals(this.#call(() => model.watcher.cancel(context)), "OK");
    }
  }

  #closeWatcher(model: ModelWatcher): void {
    model.isClosed = true;
    model.isArmed = false;
    for (const each of model.watches) each.isOver = true;
    this.#call(() => model.watcher.close());
    // Another one in its place.
    if (this.#nested >= MOST_NESTED) return;
    this.#watchers.push(new ModelWatcher(this.#told));
  }

  // -------------------------------------------------------------------- what is told

  readonly #told = (model: ModelWatcher, event: WatchEvent<object>): void => {
    try {
      assert(!this.#isInCallback, "called back within a callback");
      assertEquals(event.withinCall, this.#calls > 0);
      this.#isInCallback = true;
      this.#checkEvent(model, event);
      this.#count(event.result);
      const random = this.#random;
      for (let i = random.below(3); i > 0 && this.#nested++ < MOST_NESTED; i--) {
        if (random.oneIn(2)) this.#arm(model);
        else this.#act();
      }
    } catch (error) {
      this.#failure ??= error;
    } finally {
      this.#isInCallback = false;
    }
  };

  #checkEvent(model: ModelWatcher, event: WatchEvent<object>): void {
    const { context, result, signals } = event;
    if (result === "CANCELLED") {
      // The first of those with the context that are over: they are told in order.
      const at = model.watches.findIndex((each) =>
        each.context === context && each.isOver
      );
      assert(at >= 0, "cancelled what was not over, or twice");
      model.watches.splice(at, 1)[0]!.isCancelled = true;
      assertEquals(signals, { satisfied: 0, satisfiable: 0 });
      return;
    }
    // Those that are over were told that they are: cancellations go first.
    assertEquals(
      this.#watchers.flatMap(({ watches }) => watches.filter((each) => each.isOver)),
      [],
    );
    const watch = model.watches.find((each) => each.context === context);
    assert(watch !== undefined, "told of nothing that is watched");
    assertEquals([result, signals], [watch.result, watch.pipe.signals]);
    assert(result !== null);
    if (model.isArmed) model.isArmed = false;
    else assert(model.told.size > 0, "told without being armed");
    assert(!model.told.has(watch), "told twice");
    model.told.add(watch);
    assert(!model.watcher.isArmed);
    this.#checkAlways();
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  // -------------------------------------------------------------------- what has to hold

  /** What holds at any time. */
  #checkAlways(): void {
    const isExact = this.#nodes.length === 1;
    for (const end of this.#ends) {
      if (end.pipe === null) continue;
      assert(end.pipe.isHeld);
      const { signals } = end.pipe, { satisfied, satisfiable } = signals;
      assertEquals(satisfied & ~satisfiable, 0, "what holds is possible");
      assertEquals(satisfiable & ~end.possible, 0, "what is impossible stays so");
      end.possible = satisfiable;
      if (isExact) assertEquals(named(signals), named(end.state));
    }
    for (const { watcher, isArmed } of this.#watchers) {
      assertEquals(watcher.isArmed, isArmed);
    }
  }

  /** What holds once nothing is under way any more. */
  checkQuiet(): void {
    this.rethrow();
    this.#checkAlways();
    for (const { watches, isArmed, ready } of this.#watchers) {
      assert(watches.every(({ isOver }) => !isOver), "a cancellation is missing");
      if (isArmed) assertEquals(ready.length, 0, "a wake-up was lost");
    }
    if (this.isTorn) return;
    for (const { pipe, state } of this.#ends) {
      if (pipe !== null) assertEquals(named(pipe.signals), named(state));
    }
  }
}

function named({ satisfied, satisfiable }: SignalsState): [string, string] {
  return [signalNames(satisfied), signalNames(satisfiable)];
}
