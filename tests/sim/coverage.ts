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

const STATES = ["open", "moving", "proxy", "gone"];

/** Counts by `state event class`, the class being handled, early, stale, benign or hostile. */
export class Coverage {
  /** How often each was met. */
  readonly counts: Map<string, number> = new Map();

  /** Counts all that `run` makes happen. */
  during<T>(run: () => T): T {
    const { prototype } = Router, { handle } = prototype, { counts } = this;
    prototype.handle = function (this: Router, event: Arrival): Violation {
      const port = this.ports.find(event.view, event.start + TO);
      const state = port === null ? "unknown" : STATES[port.state]!;
      const name = EVENTS[event.type]!.name, expected = classOf(port, event);
      const rule = handle.call(this, event);
      const key = `${state} ${name} ${rule === null ? expected : "hostile"}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return rule;
    };
    try {
      return run();
    } finally {
      prototype.handle = handle;
    }
  }

  /** The pairs of state and event that were met at all. */
  get pairs(): Set<string> {
    return new Set([...this.counts.keys()].map((key) => key.replace(/ \w+$/, "")));
  }
}

/** What is to become of an event, if it is not hostile. */
function classOf(port: Port | null, event: Arrival): string {
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
