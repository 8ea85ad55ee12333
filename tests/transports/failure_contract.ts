/**
 * What a transport keeps whose other side dies without a word, so that somebody has to say it.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { realEnvironment } from "../../core/environment.ts";
import type { Transport } from "../../core/transport.ts";
import type { Kit } from "./contract.ts";
import { drainToEnd, piece, writeAll } from "./flow.ts";

/** A transport that can be told. */
export interface Failing extends Transport {
  fail(reason: string): void;
}

/** Registers the suite. */
export function failureContract(name: string, kit: () => Kit): void {
  const reason = "the worker ended with code 1";
  const test = (
    sentence: string,
    body: (one: Failing, two: Failing) => Promise<void>,
  ) =>
    Deno.test(`${name}.fail ${sentence}`, async () => {
      const made = kit(), ends = await made.pair();
      try {
        await body(ends[0].transport as Failing, ends[1].transport as Failing);
      } finally {
        for (const { transport } of ends) transport.close();
        await made.dispose?.();
      }
    });

  test("rejects what waits, with the reason", async (one) => {
    const reading = one.read(new Uint8Array(8));
    const writing = writeAll(one, new Uint8Array(2_000_000));
    const both = Promise.allSettled([reading, writing]);
    await realEnvironment.nextTurn();
    one.fail(reason);
    const errors = (await both).map((side) =>
      side.status === "rejected" ? side.reason.message : ""
    );
    assertEquals(errors, [reason, `Cannot write: the other side is gone (${reason})`]);
    one.close();
    assertEquals(await one.read(new Uint8Array(8)), null);
  });

  test("lets what the other side left be read first", async (one, two) => {
    for (let at = 0; at < 5000; at += 500) await writeAll(two, piece(1, at, 500));
    one.fail(reason);
    one.fail("another reason");
    await assertRejects(() => one.write(new Uint8Array(8)), Error, reason);
    for (let left = 5000; left > 0;) left -= (await one.read(new Uint8Array(999)))!;
    await assertRejects(() => one.read(new Uint8Array(8)), Error, reason);
    await assertRejects(() => one.read(new Uint8Array(8)), Error, reason);
  });

  test("changes nothing about an end in good order", async (one, two) => {
    for (let at = 0; at < 5000; at += 500) await writeAll(two, piece(1, at, 500));
    two.close();
    one.fail(reason);
    assertEquals(await drainToEnd(one, 1), 5000);
    one.close();
    one.fail(reason);
    assertEquals(await one.read(new Uint8Array(8)), null);
  });
}
