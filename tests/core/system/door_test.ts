import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Door,
  leaveAtDoor,
  type Left,
  openDoor,
  Request,
  type Wanted,
} from "../../../core/system/door.ts";
import { NodeRuntime } from "../../../core/system/node_runtime.ts";
import { selfDoor } from "../../../core/system/self_door.ts";
import { SharedBuffer } from "../../../core/system/shared_buffer.ts";
import { MessagePipe } from "../../../core/system/message_pipe.ts";
import { PipeEnd } from "../../../core/system/pipe_end.ts";
import { takeEnd } from "../../../core/system/handle.ts";
import { SharedBufferError } from "../../../core/errors.ts";
import { Name } from "../../../core/names.ts";
import { TrailerType } from "../../../core/wire/trailer.ts";
import { seededEnvironment } from "../../sim/random.ts";
import { forge, record, withTrailer } from "./forged_payload.ts";
import { join } from "./memory_transport.ts";

const { node } = new NodeRuntime(seededEnvironment(3));
const WANTED: Wanted = { what: "platform", id: null };

/** A door of a kind that nobody has, which remembers what was taken. */
function strangeDoor(kind: number, id: Name, left: Left | null): Door {
  return {
    kind,
    knock: (_node, { what }) =>
      what !== "platform" ? null : {
        id,
        take: (told) => Promise.resolve(told.length),
        close: () => {},
      },
    leave: () => left,
  };
}

Deno.test("Request.take takes only where somebody knocked, and not more than 256 bytes", async () => {
  openDoor(strangeDoor(90, node.names.next(), null));
  const request = new Request(node, WANTED);
  assertEquals(await request.take(90, new Uint8Array(256)), 256);
  await assertRejects(() => request.take(90, new Uint8Array(257)), TypeError);
  await assertRejects(() => request.take(91, new Uint8Array(0)), TypeError);
  request.close();
  await assertRejects(() => request.take(90, new Uint8Array(0)), TypeError);
  // It is no way for memory.
  const other = new Request(node, { what: "thread", id: node.names.next(), size: 1 });
  await assertRejects(() => other.take(90, new Uint8Array(0)), TypeError);
  other.close();
});

Deno.test("leaveAtDoor leaves a thing at the best door that takes it, whatever their order", () => {
  const [low, high] = [node.names.next(), node.names.next()];
  openDoor(strangeDoor(100, low, null));
  openDoor(strangeDoor(101, low, { told: new Uint8Array([1]) }));
  openDoor(strangeDoor(102, high, { told: new Uint8Array([2]) }));
  const doors = (...kinds: number[]) => {
    const bytes = new Uint8Array(17 * kinds.length), view = new DataView(bytes.buffer);
    for (const [i, kind] of kinds.entries()) {
      bytes[17 * i] = kind;
      low.write(view, 17 * i + 1);
    }
    return bytes;
  };
  const at = (...kinds: number[]) => {
    const left = leaveAtDoor({}, doors(...kinds), node.names, false);
    return typeof left === "string" ? left : left?.kind ?? null;
  };
  assertEquals(at(102, 101, 100), 101);
  assertEquals(at(102, 100), 102);
  assertEquals([at(100), at(200), at()], [null, null, null]);
  assertEquals(at(101, 101, 101, 101, 101, 101, 101, 101), 101);
  assertEquals(at(101, 101, 101, 101, 101, 101, 101, 101, 101), "door-count");
  assertEquals(leaveAtDoor({}, new Uint8Array(16), node.names, false), "door-size");
});

Deno.test("selfDoor gives what was left for a knock to that one, once, and as long as it lasts", async () => {
  const one = selfDoor.knock(node, WANTED)!, other = selfDoor.knock(node, WANTED)!;
  const thing = {}, none = new Uint8Array(0);
  const leave = () => selfDoor.leave(thing, one.id, node.names, false);
  const left = leave()!;
  assertEquals(leave(), null, "something is there");
  await assertRejects(() => other.take(none), TypeError);
  assertEquals(await one.take(left.told), thing);
  await assertRejects(() => one.take(none), TypeError);
  // What whoever left it takes back is not there any more.
  leave()!.done!();
  await assertRejects(() => one.take(none), TypeError);
  leave();
  await assertRejects(() => one.take(new Uint8Array(1)), TypeError);
  one.close();
  assertEquals(leave(), null, "nobody is there");
  assertEquals(selfDoor.leave(thing, node.names.next(), node.names, false), null);
  other.close();
});

Deno.test("SharedBuffer.map takes nothing to write that a reader has led it to", async () => {
  const { here, there, inviter, invitee } = await join();
  // Whoever is at the other end may read our memory, and hands us a handle that it keeps itself, on what it
  // says is the same memory, to write.
  const ours = inviter.createSharedBuffer(64);
  here.pipe.write(new Uint8Array(0), [ours.duplicate({ readOnly: true })]);
  const reader = (await there.pipe.receive())!.take(SharedBuffer);
  const { node, port } = takeEnd(reader, "attack");
  const keeper = new MessagePipe(new PipeEnd(node, port));
  const { a, b, c, d } = Name.parse(ours.id)!;
  for (const [mode, allowed] of [[3, false], [2, true]] as const) {
    const [near, far] = invitee.createMessagePipe();
    const words = { 0: 5 | mode << 8 | 1 << 16, 4: 64, 8: a, 12: b, 16: c, 20: d };
    forge(there.pipe, withTrailer(record(5, words), TrailerType.Handles, 1), [far]);
    using handle = (await here.pipe.receive())!.take(SharedBuffer);
    const mapping = handle.map(), request = (await near.receive())!;
    // Our own keeper is asked, with our own doors.
    keeper.write(request);
    if (allowed) assert((await mapping).readOnly);
    else await assertRejects(() => mapping, SharedBufferError, "nothing was left");
    near.close();
  }
  keeper.close();
  ours.close();
  here.abort();
  there.abort();
});
