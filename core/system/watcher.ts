/**
 * Watching the signals of many handles with one callback.
 *
 * ```text
 *                     arm: nothing is ready
 *   DISARMED ------------------------------------> ARMED
 *      ^                                             |
 *      +---------------------------------------------+
 *         something is ready: disarmed, then the callback
 * ```
 *
 * A change is only noted when it happens, in the middle of a call or of a frame. What it came to is looked
 * at when that is over and the callback is about to run, so that the callback is told what is true then.
 *
 * @module
 */
import { MisuseError } from "../errors.ts";
import type { End, Observer } from "./end.ts";
import { Handle, heldEnd } from "./handle.ts";
import {
  type Notification,
  postNotification,
  settleNotifications,
} from "./notifications.ts";
import {
  checkCondition,
  readiness,
  type SignalCondition,
  type SignalsState,
} from "./signal.ts";

/** Something that a {@linkcode Watcher} watches is ready: one of its signals holds, or never will. */
export interface ReadyWatch<C> {
  /** What the watch was given to be known by. */
  readonly context: C;
  /** `OK`: the condition is met. `FAILED_PRECONDITION`: it never will be. */
  readonly result: "OK" | "FAILED_PRECONDITION";
  /** The signals of the handle. */
  readonly signals: SignalsState;
}

/** What the callback of a {@linkcode Watcher} is told. */
export interface WatchEvent<C> {
  /** What the watch was given to be known by. */
  readonly context: C;
  /**
   * `OK`: the condition is met. `FAILED_PRECONDITION`: it never will be. `CANCELLED`: the watch is over, and
   * this is the last that is heard of it.
   */
  readonly result: "OK" | "FAILED_PRECONDITION" | "CANCELLED";
  /** The signals of the handle as the callback is called; none when the watch is over. */
  readonly signals: SignalsState;
  /**
   * Whether this happens within a call of this library by this program, which has not returned yet. False
   * when nothing of the program is on the stack: something arrived.
   */
  readonly withinCall: boolean;
}

/** What {@linkcode Watcher.arm} came to. */
export type ArmResult<C> =
  | { readonly result: "OK" | "NOT_FOUND" }
  | { readonly result: "FAILED_PRECONDITION"; readonly ready: readonly ReadyWatch<C>[] };

const NO_SIGNALS: SignalsState = { satisfied: 0, satisfiable: 0 };

/**
 * Calls back when one of many handles is ready, once each time it is armed.
 *
 * A handle can be watched by many watchers, and a watcher can watch many handles, each under a context: any
 * value, told apart as the keys of a `Map` are. Watching alone tells nothing. Once armed, the watcher waits
 * for the first change that makes something ready, disarms itself, and calls back, once for each handle that
 * is ready by then.
 *
 * Arming fails while something is ready already. So a loop that reads until it can arm again, as below,
 * misses nothing.
 *
 * ```ts
 * import { createMessagePipe, type MessagePipe, Signal, Watcher } from "@mage/ipc";
 *
 * const [here, there] = createMessagePipe();
 * const watcher = new Watcher<MessagePipe>(({ context: pipe, result }) => {
 *   if (result === "CANCELLED") return; // The last that is heard of the pipe.
 *   while (watcher.arm().result === "FAILED_PRECONDITION") {
 *     const read = pipe.read();
 *     if (read.result === "OK") console.log(read.message.data.length);
 *     if (read.result === "FAILED_PRECONDITION") return pipe.close();
 *   }
 * });
 * watcher.watch(here, Signal.READABLE, here);
 * watcher.arm();
 * there.write(new Uint8Array(3)); // Prints 3 before it returns.
 * there.close(); // Ends the loop, which closes the pipe, which cancels the watch.
 * watcher.close();
 * ```
 *
 * When the callback is called:
 *
 * - Never in the middle of another one, of any watcher: what a callback causes is told after it returns.
 * - Because of a call in this program, before that call returns. Because of something that arrived, within
 *   the same turn of the event loop; a call that this program makes before that tells of it, too.
 * - About what is true as it is called. What was ready for a moment and is not any more, because other code
 *   was faster to read it, is not told, and leaves the watcher armed.
 * - With `CANCELLED` exactly once for each watch, armed or not: when the handle is closed, sent or bound, or
 *   on {@linkcode cancel} or {@linkcode close}. That goes before all else that is due.
 *
 * It may do anything, also to the watcher itself. What it throws is reported as an uncaught error, once
 * everybody else was told.
 *
 * `handle.wait(signals)` is the simpler way to wait for one handle.
 *
 * Source: MojoCreateWatcher, MojoCreateTrap. Those tell what was true as it changed.
 */
export class Watcher<C = unknown> implements Disposable {
  readonly #callback: (event: WatchEvent<C>) => void;
  readonly #byContext: Map<C, Watch<C>> = new Map();
  readonly #byEnd: Map<End, Watch<C>> = new Map();
  /** Those that may be ready: they are new, or were ready or changed since they were looked at last. */
  readonly #unsure: Set<Watch<C>> = new Set();
  /** Those that were ready as it was disarmed and are to be told of still. */
  readonly #due: Set<Watch<C>> = new Set();
  #isArmed = false;
  #isPosted = false;
  #isClosed = false;

  /** Makes a watcher that watches nothing yet. */
  constructor(callback: (event: WatchEvent<C>) => void) {
    if (typeof callback !== "function") {
      throw misuse("make watcher", `callback must be a function: received ${callback}`);
    }
    this.#callback = callback;
  }

  /** Whether the callback will be called for the next change that makes something ready. */
  get isArmed(): boolean {
    return this.#isArmed;
  }

  /**
   * Watches `signals`, a sum of `Signal`, of `handle`, which is only borrowed: its owner may close it, send
   * it or bind it, which ends the watch. On a watcher that is armed this calls back if they are ready.
   *
   * Both the handle and the context are free again once the watch is over, for its last callback too, which
   * may then come after the context has a new meaning.
   *
   * Source: MojoWatch, MojoAddTrigger.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` if the watcher is closed, the handle is spent, none or
   * one without signals, or `signals` is zero or has bits that are none; `ALREADY_EXISTS` if this watcher watches the handle already,
   * or something else under this context
   */
  watch(
    handle: Handle,
    signals: number,
    context: C,
    condition: SignalCondition = "SATISFIED",
  ): void {
    this.#check("watch");
    if (!(handle instanceof Handle)) {
      throw misuse("watch", "handle must be a MessagePipe or another handle");
    }
    const end = heldEnd(handle, "watch");
    if (!end.isWatchable) throw misuse("watch", `a ${end.noun} has no signals`);
    checkCondition(`watch ${end.noun}`, signals, condition);
    if (this.#byEnd.has(end)) {
      throw misuse("watch", `this watcher has the ${end.noun} already`, "ALREADY_EXISTS");
    }
    if (this.#byContext.has(context)) {
      throw misuse("watch", "the context is in use on this watcher", "ALREADY_EXISTS");
    }
    const watch: Watch<C> = {
      context,
      end,
      signals,
      condition,
      changed: () => this.#changed(watch),
      gone: () => this.#gone(watch),
      isLast: false,
      deliver: (withinCall) => {
        const found = this.#due.delete(watch) ? look(watch) : null;
        if (found !== null) this.#tell({ ...found, withinCall });
      },
    };
    this.#byEnd.set(end, watch);
    this.#byContext.set(context, watch);
    end.observe(watch);
    watch.changed();
    settleNotifications();
  }

  /**
   * Ends the watch under `context`, which calls back with `CANCELLED`.
   *
   * Source: MojoCancelWatch, MojoRemoveTrigger.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` if the watcher is closed
   */
  cancel(context: C): "OK" | "NOT_FOUND" {
    this.#check("cancel watch");
    const watch = this.#byContext.get(context);
    if (watch === undefined) return "NOT_FOUND";
    watch.end.unobserve(watch);
    watch.gone();
    settleNotifications();
    return "OK";
  }

  /**
   * Has the callback called for the next change that makes something ready.
   *
   * Fails with `FAILED_PRECONDITION` if something is ready now, and tells what: `maxReady` of those at most,
   * others first the next time, so that each has its turn. Then the watcher is as it was. Fails with
   * `NOT_FOUND` if it watches nothing.
   *
   * Source: MojoArmWatcher, MojoArmTrap.
   *
   * @throws {MisuseError} `INVALID_ARGUMENT` if the watcher is closed, or `maxReady` is no whole number
   */
  arm(maxReady: number = Infinity): ArmResult<C> {
    this.#check("arm watcher");
    if (maxReady !== Infinity && !(Number.isSafeInteger(maxReady) && maxReady >= 0)) {
      throw misuse(
        "arm watcher",
        `maxReady must be a whole number or Infinity: received ${maxReady}`,
      );
    }
    if (this.#byEnd.size === 0) return { result: "NOT_FOUND" };
    const ready: ReadyWatch<C>[] = [], told: Watch<C>[] = [];
    let isReady = false;
    for (const watch of this.#unsure) {
      const found = look(watch);
      if (found === null) {
        this.#unsure.delete(watch);
        continue;
      }
      isReady = true;
      if (ready.length === maxReady) break;
      ready.push(found);
      told.push(watch);
    }
    if (!isReady) {
      this.#isArmed = true;
      this.#due.clear();
      return { result: "OK" };
    }
    // Behind those that had no room.
    for (const watch of told) {
      this.#unsure.delete(watch);
      this.#unsure.add(watch);
    }
    return { result: "FAILED_PRECONDITION", ready };
  }

  /** Ends all watches, each of which calls back with `CANCELLED`. Closing twice does nothing. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#isArmed = false;
    for (const watch of this.#byEnd.values()) {
      watch.end.unobserve(watch);
      watch.gone();
    }
    settleNotifications();
  }

  /** As {@linkcode close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  #changed(watch: Watch<C>): void {
    this.#unsure.add(watch);
    if (!this.#isArmed || this.#isPosted) return;
    this.#isPosted = true;
    postNotification({ isLast: false, deliver: this.#trigger });
  }

  /** Something changed while it was armed. */
  readonly #trigger = (withinCall: boolean): void => {
    this.#isPosted = false;
    let first: ReadyWatch<C> | null = null;
    for (const watch of this.#unsure) {
      const found = look(watch);
      if (found === null) this.#unsure.delete(watch);
      else if (first === null) first = found;
      else {
        this.#due.add(watch);
        postNotification(watch);
      }
    }
    // ORDER: who is disarmed is told at once. What others do first could leave nothing to tell.
    if (first === null) return;
    this.#isArmed = false;
    this.#tell({ ...first, withinCall });
  };

  #gone(watch: Watch<C>): void {
    this.#byEnd.delete(watch.end);
    this.#byContext.delete(watch.context);
    this.#unsure.delete(watch);
    this.#due.delete(watch);
    const { context } = watch;
    postNotification({
      isLast: true,
      deliver: (withinCall) =>
        this.#tell({ context, result: "CANCELLED", signals: NO_SIGNALS, withinCall }),
    });
  }

  #tell(event: WatchEvent<C>): void {
    try {
      this.#callback(event);
    } catch (error) {
      // Uncaught, but not by whoever made the call that this is told in.
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  #check(what: string): void {
    if (this.#isClosed) throw misuse(what, "the watcher was closed");
  }
}

/** One handle that a watcher watches. */
interface Watch<C> extends Observer, Notification {
  readonly context: C;
  readonly end: End;
  readonly signals: number;
  readonly condition: SignalCondition;
}

/** What there is to tell of a watch; `null` when it is not ready. */
function look<C>(
  { context, end, signals, condition }: Watch<C>,
): ReadyWatch<C> | null {
  const state = end.signals, result = readiness(state, signals, condition);
  return result === null ? null : { context, result, signals: state };
}

function misuse(
  what: string,
  why: string,
  result: "INVALID_ARGUMENT" | "ALREADY_EXISTS" = "INVALID_ARGUMENT",
): MisuseError {
  return new MisuseError(result, `Cannot ${what}: ${why}`);
}
