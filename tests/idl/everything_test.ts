import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createInterfacePipe, createMessagePipe, Receiver, Remote } from "@mage/ipc";
import { compile } from "../../idl/mod.ts";
import {
  Album,
  Level,
  type Photo,
  PhotoDefaults,
  type Query,
  Rating,
  Right,
  Scope,
  Watcher,
} from "./golden/everything.magen.ts";
import { difference } from "./random/difference.ts";

const GOLDEN = new URL("./golden/", import.meta.url);
const ANYTHING: Query = { kind: "anything", value: {} };

function photo(id: number): Photo {
  return {
    ...PhotoDefaults,
    id,
    title: "Sunset",
    takenAt: 1n,
    originalBytes: 2 ** 40,
    level: Level.Submarine,
    isPrivate: false,
    author: { name: "A", address: undefined, language: "eo" },
    background: "#ff8000",
    magic: new Uint8Array(8),
    histogram: Uint32Array.of(1, 2, 3),
    depths: Float32Array.of(0.5),
    edits: new BigInt64Array(),
    tags: new Map([["sea", 0.5]]),
    contents: [{ kind: "group", value: [{ kind: "person", value: "B" }] }],
    previews: new Map([[64, new Uint8Array(3)], [128, undefined]]),
    views: 0,
  };
}

/** An album whose implementation answers as `impl` says. */
function album(impl: Partial<Album> | Record<string, unknown>) {
  const [near, far] = createMessagePipe();
  const receiver = new Receiver(Album, impl as never, far);
  const remote = new Remote(Album, near);
  return {
    receiver,
    remote,
    [Symbol.dispose]() {
      remote[Symbol.dispose]();
      receiver[Symbol.dispose]();
    },
  };
}

function insistSame(one: unknown, other: unknown): void {
  assertEquals(difference(one, other), null);
}

Deno.test("everything.magen compiles without a finding", async () => {
  const read = (name: string) => Deno.readTextFileSync(new URL(name, GOLDEN));
  for (const path of ["everything.magen", "geometry.magen"]) {
    const result = await compile(read(path), { path, read });
    assertEquals(result.diagnostics, []);
    assertEquals(result.output, read(`${path}.ts`));
  }
});

Deno.test("a photo of everything arrives with all of its parts", async () => {
  const sent = photo(7);
  using pair = album({
    find: (id: number) => ({ ok: id === 7, value: sent, error: ANYTHING }),
  });
  const found = await pair.remote.find(7);
  assert(found.ok);
  insistSame(found.value, sent);
  assertEquals(found.value.background, "#ff8000");
  assertEquals(found.value.rating, Rating.None);
});

Deno.test("an error of everything arrives as a value", async () => {
  const error = { kind: "missingRight", value: Right.Add | Right.Remove } as const;
  using pair = album({ find: () => ({ ok: false, error }) });
  insistSame(await pair.remote.find(1, "eo"), { ok: false, error });
});

Deno.test("arguments of everything that are left out are what the source says", async () => {
  let seen: unknown[] = [];
  using pair = album({
    count: (...args: unknown[]) => {
      seen = args;
      return { ok: true, value: { photos: 3, seconds: 0.25 } };
    },
  });
  insistSame(await pair.remote.count({ kind: "tag", value: "sea" }), {
    ok: true,
    value: { photos: 3, seconds: 0.25 },
  });
  insistSame(seen, [{ kind: "tag", value: "sea" }, Scope.Title, 0]);
});

Deno.test("streams of everything go both ways", async () => {
  using pair = album({
    *search(_query: Query, limit: number) {
      for (let id = 1; id <= limit; id++) yield photo(id);
    },
    async receive(photos: AsyncIterable<Photo>) {
      let count = 0;
      for await (const { id } of photos) count += id;
      return { count };
    },
  });
  const ids: number[] = [];
  for await (const { id } of pair.remote.search(ANYTHING, 5)) ids.push(id);
  assertEquals(ids, [1, 2, 3, 4, 5]);
  assertEquals(await pair.remote.receive([photo(1), photo(2)], "here"), { count: 3 });
});

Deno.test("events and watchers of everything are told", async () => {
  const watched = Promise.withResolvers<unknown[]>(),
    added = Promise.withResolvers<number>();
  const ends = createInterfacePipe(Watcher);
  using _watcher = new Receiver(Watcher, {
    onChange: (...args) => watched.resolve(args),
    onEnd() {},
  }, ends.receiver);
  using pair = album({
    watch(watcher: never) {
      using remote = new Remote(Watcher, watcher) as unknown as Watcher & Disposable;
      remote.onChange([1, 2], new Map([[1, 99 as Rating]]));
    },
  });
  pair.remote.watch(ends.remote);
  // A rating that nobody has a name for keeps its number.
  insistSame(await watched.promise, [[1, 2], new Map([[1, 99]])]);
  pair.remote.$.events.onAdded((id) => added.resolve(id));
  pair.receiver.emit.onAdded(4, photo(4));
  assertEquals(await added.promise, 4);
});

Deno.test("what breaks a bound of everything is refused where it is sent", async () => {
  using pair = album({
    search: () => [],
    rights: () => ({ own: 8, others: new Map(), scope: 0n }),
  });
  assertThrows(() => pair.remote.search(ANYTHING, 1001), RangeError, "limit");
  assertThrows(() => pair.remote.remove([0]), RangeError, "ids[0]");
  const wrong = { ...photo(1), background: "red" as "#red" };
  assertThrows(() => void pair.remote.add(wrong), TypeError, "photo.background");
  await assertRejects(() => pair.remote.rights());
});
