import { assert, assertEquals } from "@std/assert";
import { LIMITS } from "../../../core/limits.ts";
import { PortState } from "../../../core/ports/port.ts";
import { assertJoined, read } from "./mesh.ts";
import { assertOver, Traffic } from "./traffic.ts";

Deno.test("Node pitfall P2: who stays behind is told when an endpoint is lost on its way", () => {
  const t = new Traffic(3), [p, end] = t.pipe(0, 1), [carrier] = t.pipe(0, 2);
  t.send(end, 1);
  t.send(carrier, 0, p);
  t.cut(0, 2);
  assertEquals(p.state, PortState.Gone);
  t.settle();
  assertOver(end, "lost");
  assert(!t.send(end, 2));
  t.finish();
});

Deno.test("Node pitfall P8: two that are relayed never get a direct link that could overtake", () => {
  const t = new Traffic(3, "direct"), [x, y] = t.pipeOfMembers(1, 2);
  const [guest, host] = [1, 2].map((i) => t.nodes[i]!.membership);
  t.send(x, 1);
  host!.ready(t.meetings[2]!);
  t.deliver(2, 0);
  t.deliver(0, 1);
  const { meetings: [, invited, offered] } = t;
  guest!.failed(invited!);
  t.settle();
  t.send(x, 2);
  t.deliver(1, 0, "Relayed Message");
  // Whoever comes now is too late, and nobody is asked again.
  assert(!host!.met(offered!) && !guest!.met(invited!));
  t.pipeOfMembers(1, 2);
  assertEquals(t.meetings.slice(1), [invited, offered]);
  t.send(x, 3);
  t.settle();
  assertEquals(read(y), [1, 2, 3]);
  assertJoined(x, y);
  t.finish();
});

Deno.test("Node pitfall P9: who was relayed once is lost with the broker", () => {
  const t = new Traffic(3, "relayed"), [x, y] = t.pipeOfMembers(1, 2);
  t.send(x, 1);
  t.settle();
  t.send(x, 2);
  t.deliver(1, 0, "Relayed Message");
  // It dies with the second message in it.
  t.kill(0);
  t.settle();
  assertOver(x, "lost");
  assertEquals(read(y), [1]);
  assertOver(y, "lost");
  t.finish();
});

Deno.test("Node pitfall P9: nothing that a direct link carries is ever left in the broker", () => {
  const t = new Traffic(3, "direct"), [x, y] = t.pipeOfMembers(1, 2);
  // Written while the two have not met.
  for (const value of [1, 2]) t.send(x, value);
  assertEquals(t.settle().filter((name) => name.startsWith("Relayed")), []);
  t.meet(2, 1);
  t.send(x, 3);
  t.settle();
  t.kill(0);
  t.settle();
  t.send(x, 4);
  t.settle();
  assertEquals(read(y), [1, 2, 3, 4]);
  assertJoined(x, y);
  t.finish();
});

Deno.test("Node pitfall P10: a pair that was lost stays lost, also when others name it", () => {
  const t = new Traffic(3), [kept, end] = t.pipe(0, 1), [carrier, there] = t.pipe(0, 2);
  t.cut(1, 2);
  for (const [i, j] of [[1, 2], [2, 1]] as const) {
    const { name } = t.nodes[j]!.self;
    assertEquals(t.nodes[i]!.connect(name, "peer", LIMITS.tiny, LIMITS.tiny), null);
  }
  t.send(carrier, 0, kept);
  t.settle();
  assertOver(t.take(there), "lost");
  assertOver(end, "lost");
  t.finish();
});

Deno.test("Node pitfall P10: a pair whose direct link was lost is not introduced again", () => {
  const t = new Traffic(3, "direct"), [x, y] = t.pipeOfMembers(1, 2);
  const [kept, end] = t.pipe(0, 1), [carrier, there] = t.pipe(0, 2);
  t.meet(2, 1);
  t.settle();
  const { meetings: [, guest, host] } = t;
  t.cut(1, 2);
  for (const port of [x, y]) assertOver(port, "lost");
  t.send(carrier, 0, kept);
  const names = t.settle().filter((name) => /^(Introduce|Relayed)/.test(name));
  assertEquals(names, []);
  assertEquals(t.meetings.slice(1), [guest, host]);
  assertOver(t.take(there), "lost");
  assertOver(end, "lost");
  t.finish();
});

Deno.test("Node pitfall P11: who comes to a node that has given it up is sent away", () => {
  const t = new Traffic(3, "direct"), [x, y] = t.pipeOfMembers(1, 2);
  t.nodes[2]!.membership.ready(t.meetings[2]!);
  t.deliver(2, 0);
  t.deliver(0, 1);
  t.send(x, 1);
  // The host hears of the end of the broker before the guest comes, the guest only after that.
  t.end(2, 0);
  assertOver(y, "lost");
  assert(!t.join(2, 1));
  assert(t.send(x, 2), "it has not heard yet");
  t.deliver(2, 1);
  assertOver(x, "lost");
  assertEquals(read(y), []);
  t.finish();
});

Deno.test("Node pitfall P12: a descriptor that names a node which nobody here has known is a loss", () => {
  const t = new Traffic(4, "relayed"), [x] = t.pipeOfMembers(1, 3);
  const [carrier, there] = t.pipeOfMembers(1, 2);
  t.kill(3);
  t.deliver(3, 0);
  // Node 1 has not heard of it when it sends its end on.
  assert(t.waiting(0, 1).includes("Lost node"));
  t.send(carrier, 0, x);
  t.deliver(1, 0);
  t.deliver(0, 2);
  assert(t.waiting(2, 0).includes("Ask"));
  t.settle();
  assertOver(t.take(there), "lost");
  t.finish();
});

Deno.test("Node pitfall P12: a Switch to a node that has died meanwhile is a loss", () => {
  const t = new Traffic(4, "relayed"), [end, p] = t.pipeOfMembers(1, 2);
  const [carrier] = t.pipeOfMembers(2, 3);
  t.send(carrier, 0, p);
  t.deliver(2, 0);
  t.deliver(0, 3);
  t.deliver(3, 0, "Relayed Accepted");
  t.deliver(0, 2);
  t.kill(3);
  t.deliver(3, 0);
  // Node 1 hears of the death first and forgets the node, and then is told to listen to it.
  t.deliver(0, 1);
  assertEquals(t.nodes[1]!.links().length, 2);
  t.deliver(2, 0);
  t.deliver(0, 1);
  assert(t.waiting(1, 0).includes("Ask"));
  t.settle();
  assertOver(end, "lost");
  t.finish();
});

Deno.test("Node pitfall P18: who is gone for the broker is gone for all, direct links or not", () => {
  const t = new Traffic(3, "direct"), [x, y] = t.pipeOfMembers(1, 2);
  t.meet(2, 1);
  t.settle();
  assertJoined(x, y);
  // Node 2 lives on.
  t.cut(0, 2);
  t.deliver(0, 1);
  assertOver(x, "lost");
  assertEquals(y.prevPort, x.name);
  t.deliver(1, 2);
  assertOver(y, "lost");
  t.finish();
});
