import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { RemoteError } from "../../../core/errors.ts";
import { quiet } from "../system/memory_transport.ts";
import { inStudio } from "./studio.ts";

type Settle = (value: unknown) => void;

/** Something that passes for a promise, with this for `then`. */
function thenable(then: (resolve: Settle, reject: Settle) => unknown): never {
  return { then } as never;
}

const twice = thenable((resolve, reject) => {
  resolve({ text: "first", length: 1 });
  resolve({ text: "second", length: 2 });
  reject(new Error("third"));
});
const broken = thenable(() => {
  throw new Error("broken");
});

inStudio(
  "Receiver answers once, however often what a method returned settles",
  { greet: () => twice, small: () => twice },
  async ({ remote, errors }) => {
    for (let i = 0; i < 3; i++) {
      assertEquals(await remote.greet("a"), { text: "first" });
      assertEquals(await remote.small("a"), { length: 1 });
    }
    await quiet();
    assert(remote.$.isConnected);
    assertEquals(errors, []);
  },
);

inStudio(
  "Receiver answers that it failed when a then throws",
  { greet: () => broken, find: () => broken, tiny: () => broken },
  async ({ remote, errors }) => {
    await assertRejects(() => remote.greet("a"), RemoteError);
    await assertRejects(() => remote.find("a"), RemoteError);
    remote.tiny("a");
    await quiet();
    assert(remote.$.isConnected);
    assertEquals(errors.length, 3);
    for (const error of errors) {
      assertMatch(error, /^studio\.Studio\.\w+: Error: broken$/);
    }
  },
);

inStudio(
  "Receiver takes the result of anything that has a then",
  {
    // Many a library's `then` returns nothing.
    find: () => thenable((resolve) => void resolve({ ok: false, error: 7 })),
    count: () => thenable((resolve) => void resolve([1, 2])),
  },
  async ({ remote }) => {
    assertEquals(await remote.find("a"), { ok: false, error: 7 });
    assertEquals(await Array.fromAsync(remote.count(0, 0)), [1, 2]);
  },
);
