/**
 * What a process does for the benchmark of moving endpoints.
 *
 * @module
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type MessagePipe, Receiver, Remote } from "@mage/ipc/child";
import { Mover } from "./mover.magen.ts";

let successor: Mover | null = null;
let served = 0;
/** Somebody who waits until no more than so many are served. */
let waiting: { readonly atMost: number; readonly resume: () => void } | null = null;

/** Answers calls on `pipe`. */
export function serveMover(pipe: MessagePipe): void {
  count(1);
  const receiver = new Receiver(Mover, {
    next: (n) => ({ n: n + 1 }),
    swap: (pipe) => ({ pipe }),
    setSuccessor: (pipe) => void (successor = new Remote(Mover, pipe)),
    serve: serveMover,
    serveAll: (pipes) => pipes.forEach(serveMover),
    moveOn: () => successor!.serve(receiver.unbind()),
    async served(atMost) {
      if (served > atMost) {
        await new Promise<void>((resume) => waiting = { atMost, resume });
      }
      return { count: served };
    },
    usedBytes: () => ({ bytes: usedBytes() }),
  }, pipe);
  receiver.closed.then(() => count(-1));
}

function count(by: number): void {
  served += by;
  if (waiting === null || served > waiting.atMost) return;
  waiting.resume();
  waiting = null;
}

/** Memory in use after garbage was collected. */
export function usedBytes(): number {
  collectGarbage ??= exposeGarbageCollector();
  collectGarbage();
  return Deno.memoryUsage().heapUsed;
}

let collectGarbage: (() => void) | null = null;

function exposeGarbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  // Only contexts that are made from here on have it.
  return runInNewContext("gc");
}
