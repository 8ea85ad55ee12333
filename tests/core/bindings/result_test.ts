import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { RemoteError } from "../../../core/errors.ts";
import { Fail } from "../../../core/bindings/result.ts";
import { inStudio } from "./studio.ts";
import { knownTrouble, Trouble } from "./studio.magen.ts";

inStudio(
  "Remote resolves to one thing or the other of a result",
  {},
  async ({ remote }) => {
    assertEquals(await remote.find("a"), {
      ok: true,
      value: { name: "a", count: 2, line: undefined },
    });
    assertEquals(await remote.find("busy"), { ok: false, error: Trouble.Busy });
    assertEquals(await remote.store("a"), { ok: true, value: undefined });
    assertEquals(await remote.store(""), { ok: false, error: "no name" });
    assertEquals(await remote.ends("abc"), {
      ok: true,
      value: { first: "a", last: "c" },
    });
  },
);

inStudio(
  "Fail that is thrown or rejected with is the error of a result",
  {},
  async (bound) => {
    const { remote, errors } = bound;
    assertEquals(await remote.find("nothing"), { ok: false, error: Trouble.Missing });
    assertEquals(await remote.ends(""), { ok: false, error: Trouble.Missing });
    // It is an answer, and no failure.
    assertEquals(errors, []);
  },
);

inStudio(
  "Fail is an error like others where there is no result, or when it does not fit",
  {
    small: () => {
      throw new Fail("not a result");
    },
    find: () => {
      throw new Fail("a text where a number belongs");
    },
    ends: () => Promise.reject(new Error("no Fail")),
    store: () => {
      throw new Error("no Fail");
    },
  },
  async ({ remote, errors }) => {
    const calls = [
      () => remote.small("a"),
      () => remote.find("a"),
      () => remote.ends("a"),
      () => remote.store("a"),
    ];
    for (const call of calls) {
      const { failure } = await assertRejects(call, RemoteError);
      assertEquals(failure, "threw");
    }
    assertEquals(errors.map((error) => error.replace(/(Error|Fail):.*/, "$1")), [
      "studio.Studio.Small: Fail",
      "studio.Studio.Find: TypeError",
      "studio.Studio.Ends: Error",
      "studio.Studio.Store: Error",
    ]);
  },
);

inStudio(
  "Receiver answers that it failed when a result is neither one nor the other",
  { find: () => ({}) as never, store: () => undefined as never },
  async ({ remote, errors }) => {
    await assertRejects(() => remote.find("a"), RemoteError);
    await assertRejects(() => remote.store("a"), RemoteError);
    assertEquals(errors.length, 2);
  },
);

inStudio(
  "An error of an extensible enum keeps its number, and has a name when it is known",
  { find: () => ({ ok: false, error: 77 }) },
  async ({ remote }) => {
    const result = await remote.find("a");
    assertEquals(result, { ok: false, error: 77 });
    if (!result.ok) assertEquals(knownTrouble(result.error), Trouble.Other);
    assertEquals(knownTrouble(Trouble.Busy), Trouble.Busy);
  },
);

Deno.test("Fail carries its error", () => {
  const fail = new Fail({ code: 5 });
  assertInstanceOf(fail, Error);
  assertEquals(fail.error.code, 5);
});
