/**
 * Which events met which states of ports, and what became of them. Nothing is counted, and nothing
 * costs anything, unless somebody asks for it.
 *
 * @module
 */
import { Router, type Violation } from "../../core/ports/router.ts";
import type { Arrival } from "../../core/ports/arrival.ts";
import { type Port, PortState } from "../../core/ports/port.ts";
import { EVENTS, EventType, TO } from "../../core/wire/event.ts";

const STATES = ["open", "moving", "proxy", "gone", "unknown"];
const UNKNOWN = STATES.indexOf("unknown");
const CLASSES = ["handled", "early", "stale", "benign", "hostile"] as const;
const HOSTILE = CLASSES.indexOf("hostile");

/** What may become of an event. */
type Class = typeof CLASSES[number];

/** Counts by `state event class`. */
export class Coverage {
  /** How often each was met. */
  readonly counts: Map<string, number> = new Map();

  /** Counts all that `run` makes happen. */
  during<T>(run: () => T): T {
    const { prototype } = Router, { handle } = prototype;
    const width = EVENTS.length * CLASSES.length;
    const tally = new Float64Array(STATES.length * width);
    prototype.handle = function (this: Router, event: Arrival): Violation {
      const port = this.ports.find(event.view, event.start + TO), { type } = event;
      const state = port === null ? UNKNOWN : port.state;
      const expected = CLASSES.indexOf(classOf(port, event));
      const rule = handle.call(this, event), at = rule === null ? expected : HOSTILE;
      tally[state * width + type * CLASSES.length + at]!++;
      return rule;
    };
    try {
      return run();
    } finally {
      prototype.handle = handle;
      for (const [i, count] of tally.entries()) {
        if (count > 0) this.#count(i, count);
      }
    }
  }

  #count(i: number, count: number): void {
    const at = i % CLASSES.length, cell = (i - at) / CLASSES.length;
    const type = cell % EVENTS.length, state = STATES[(cell - type) / EVENTS.length];
    const key = `${state} ${EVENTS[type]!.name} ${CLASSES[at]}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + count);
  }

  /** The pairs of state and event that were met at all. */
  get pairs(): Set<string> {
    return new Set([...this.counts.keys()].map((key) => key.replace(/ \w+$/, "")));
  }
}

/** What is to become of an event, if it is not hostile. */
function classOf(port: Port | null, event: Arrival): Class {
  if (port === null) return "stale";
  const { neighbor } = event;
  if (event.type === EventType.Accepted) return "handled";
  if (event.type === EventType.Bypass) {
    if (port.nextNode !== neighbor || !event.isFrom(port.nextPort!)) return "stale";
    return port.state === PortState.Open ? "handled" : "benign";
  }
  if (port.prevNode === null) return "stale";
  const { seq } = event;
  if (port.prevNode !== neighbor || !event.isFrom(port.prevPort!)) return "early";
  return seq > port.inSeq ? "early" : seq < port.inSeq ? "stale" : "handled";
}
