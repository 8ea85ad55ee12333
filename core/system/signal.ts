/**
 * The state of a handle, as bits that can be asked for and watched.
 *
 * @module
 */
import { MisuseError } from "../errors.ts";

/**
 * What can be true of a handle.
 *
 * Source: mojo/public/c/system/types.h.
 */
export const Signal = {
  /** There is something to read. */
  READABLE: 1,
  /** There is room to write to. */
  WRITABLE: 2,
  /** The other end is gone. */
  PEER_CLOSED: 4,
  /** Something arrived since the last attempt to read. */
  NEW_DATA_READABLE: 8,
  /** The other end is in another process or worker. */
  PEER_REMOTE: 16,
  /** More than a quota waits. */
  QUOTA_EXCEEDED: 32,
} as const;

/** The signals of a handle: sums of {@linkcode Signal}. */
export interface SignalsState {
  /** Those that hold. */
  readonly satisfied: number;
  /** Those that hold or may come to hold. One that is missing will never be there again. */
  readonly satisfiable: number;
}

const NAMES = Object.entries(Signal);

/** The names of `signals`, for people: `"READABLE | PEER_CLOSED"`. */
export function signalNames(signals: number): string {
  const names = NAMES.filter(([, bit]) => (signals & bit) !== 0).map(([name]) => name);
  return names.length === 0 ? "none" : names.join(" | ");
}

/** All there are. */
export const ALL_SIGNALS: number = NAMES.reduce((all, [, bit]) => all | bit, 0);

/**
 * What is waited for: `SATISFIED`, that any of the signals holds; `UNSATISFIED`, that any of them does not.
 *
 * Source: MojoTriggerCondition.
 */
export type SignalCondition = "SATISFIED" | "UNSATISFIED";

/**
 * What `state` is for who waits for `condition` of `signals`: `OK`, it is met; `FAILED_PRECONDITION`, it
 * never will be; `null`, neither.
 */
export function readiness(
  state: SignalsState,
  signals: number,
  condition: SignalCondition,
): "OK" | "FAILED_PRECONDITION" | null {
  const holding = state.satisfied & signals;
  if (condition === "UNSATISFIED") return holding === signals ? null : "OK";
  if (holding !== 0) return "OK";
  return (state.satisfiable & signals) === 0 ? "FAILED_PRECONDITION" : null;
}

/** Checks what is asked to be waited for. `what` is what is to be done, for the error. */
export function checkCondition(what: string, signals: number, condition: unknown): void {
  if (signals === 0 || (signals & ALL_SIGNALS) !== signals) {
    throw new MisuseError(
      "INVALID_ARGUMENT",
      `Cannot ${what}: signals must be a sum of Signal: received ${signals}`,
    );
  }
  if (condition !== "SATISFIED" && condition !== "UNSATISFIED") {
    throw new MisuseError(
      "INVALID_ARGUMENT",
      `Cannot ${what}: the condition must be SATISFIED or UNSATISFIED: received ${condition}`,
    );
  }
}
