/**
 * A working implementation of the studio, and both ends of it at once.
 *
 * @module
 */
import type { Implementation } from "../../../core/bindings/interface.ts";
import { Receiver } from "../../../core/bindings/receiver.ts";
import { Remote } from "../../../core/bindings/remote.ts";
import { Fail } from "../../../core/bindings/result.ts";
import { Studio, type Studio_Events, Trouble, Viewer } from "./studio.magen.ts";
import { type Line, onBoth } from "./switchboard.ts";

/** Does what the names of the methods say. Parts can be replaced. */
export function studio(
  parts: Partial<Implementation<Studio>> = {},
): Implementation<Studio> {
  return {
    find: (name) => {
      if (name === "nothing") throw new Fail(Trouble.Missing);
      if (name === "busy") return { ok: false, error: Trouble.Busy };
      return { ok: true, value: { name, count: 2 } };
    },
    store: (name) =>
      name === "" ? { ok: false, error: "no name" } : { ok: true, value: undefined },
    ends: async (name) => {
      await Promise.resolve();
      if (name === "") throw new Fail(Trouble.Missing);
      return { ok: true, value: { first: name[0]!, last: name.at(-1)! } };
    },
    async *count(from, to) {
      for (let i = from; i < to; i++) yield await Promise.resolve(i);
    },
    parts: (
      prefix,
    ) => [{ name: `${prefix}1`, count: 1 }, { name: `${prefix}2`, count: 5 }],
    names: (names) => names,
    async sum(numbers) {
      let sum = 0n;
      for await (const number of numbers) sum += BigInt(number);
      return { sum };
    },
    later: (name) => ({ letters: ReadableStream.from([...name]) }),
    *rows(count) {
      for (let i = 1; i <= count; i++) yield ReadableStream.from(Array(i).fill(i));
    },
    async invite(viewer) {
      using remote = new Remote(Viewer, viewer);
      return await remote.show("hello");
    },
    visit: (viewer) => void new Receiver(Viewer, { show: (seen) => ({ seen }) }, viewer),
    join: () => {},
    leave: () => {},
    carry: (...handles) => {
      const kinds = handles.map((handle) => (handle as object).constructor.name).join(
        " ",
      );
      for (const handle of handles) (handle as { close(): void }).close();
      return { kinds };
    },
    wait: () => new Promise(() => {}),
    small: (text) => ({ length: text.length }),
    tiny: () => {},
    greet: (name, greeting, times) => ({ text: `${greeting} ${name} ${times}` }),
    ...parts,
  };
}

/** Both ends, bound. */
export interface Bound extends Line {
  readonly remote: Remote<Studio, Studio_Events>;
  readonly receiver: Receiver<Studio, Studio_Events>;
  /** What either end was told of failures. */
  readonly errors: string[];
}

/** Runs a test on one node and over a link, with both ends bound, and looks for what is left over. */
export function inStudio(
  name: string,
  parts: Partial<Implementation<Studio>>,
  test: (bound: Bound) => Promise<void>,
): void {
  onBoth(name, async (line) => {
    const errors: string[] = [];
    const onError = (error: unknown, what: string) =>
      void errors.push(`${what}: ${error}`);
    const remote = new Remote(Studio, line.caller, { onError });
    const receiver = new Receiver(Studio, studio(parts), line.called, { onError });
    await test({ ...line, remote, receiver, errors });
    remote.$.close();
    receiver.close();
    const left = await line.ports();
    if (left !== 0) throw new Error(`${left} ports are left`);
  });
}
