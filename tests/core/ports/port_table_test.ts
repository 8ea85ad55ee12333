import { assert, assertEquals, assertThrows } from "@std/assert";
import { LimitError } from "../../../core/errors.ts";
import { Name } from "../../../core/names.ts";
import { NO_PORTS, Port, PortState } from "../../../core/ports/port.ts";
import { PortTable } from "../../../core/ports/port_table.ts";
import { Encoder } from "../../../core/wire/encoder.ts";
import { DESCRIPTOR_BYTES, FORWARD_HEAD_BYTES } from "../../../core/wire/event.ts";
import { Scene } from "./forgery.ts";

const nowhere = new Encoder(4096);

function find(table: PortTable, name: Name): Port | null {
  const view = new DataView(new ArrayBuffer(24));
  name.write(view, 4);
  const found = table.find(view, 4);
  assert(found === table.get(name));
  return found;
}

Deno.test("PortTable finds ports whose names share their first word", () => {
  const table = new PortTable();
  const ports = [1, 2, 3, 4].map((d) => new Port(new Name(7, 0, 0, d), nowhere));
  for (const port of ports) table.add(port);
  assertEquals(table.size, 4);
  for (const port of ports) assert(find(table, port.name) === port);
  assert(find(table, new Name(7, 0, 0, 5)) === null);
  assert(find(table, new Name(8, 0, 0, 1)) === null);
  // From the middle, the front and the back of the bucket.
  for (const i of [1, 3, 0, 2]) {
    assertEquals(table.all().length, table.size);
    table.remove(ports[i]!);
    assert(find(table, ports[i]!.name) === null);
    for (const port of table.all()) assert(find(table, port.name) === port);
  }
  assertEquals([table.size, table.all().length], [0, 0]);
});

Deno.test("PortTable.wayOut is the link that messages to an end which moved away go on by", () => {
  const { victim, calm, toFriend } = new Scene(), { ports } = victim;
  const [x, y] = victim.createPipe(), [other] = victim.createPipe();
  for (const end of [x, y, other]) end.holder = {};
  assertEquals([ports.wayOut(x), ports.wayOut(other)], [null, null]);
  const out = victim.beginBytes(calm);
  out.handles.push(y);
  assertEquals(victim.commit(calm, out, false), true);
  assert(ports.wayOut(x) === toFriend);
});

Deno.test("Node.refusal names what is wrong with an endpoint that is not there any more", () => {
  const { victim } = new Scene(), [carrier] = victim.createPipe();
  const [closed, sent] = victim.createPipe();
  for (const end of [carrier, closed, sent]) end.holder = {};
  assertEquals(victim.refusal(carrier, sent), null);
  victim.close(closed);
  assertEquals(victim.refusal(carrier, closed), "it was closed or already sent");
  sent.holder = null;
  assertEquals(victim.refusal(carrier, sent), "it was closed or already sent");
  assertEquals(victim.refusal(carrier, carrier), "it cannot be sent through itself");
});

Deno.test("PortTable.wayOut and holding follow 32 ports that moved away on this node, and no more", () => {
  for (const [count, found] of [[32, true], [33, false]] as const) {
    const { victim, calm, toFriend } = new Scene(), { ports, self } = victim;
    const chain = Array.from({ length: count }, (_, i) => {
      const port = new Port(new Name(i, 1, 1, 1), nowhere);
      port.state = PortState.Proxy;
      ports.add(port);
      return port;
    });
    const [first] = victim.createPipe();
    first.setNext(self, chain[0]!.name);
    for (const [i, port] of chain.entries()) {
      if (i < count - 1) port.setNext(self, chain[i + 1]!.name);
    }
    const last = chain.at(-1)!;
    last.setNext(toFriend.neighbor, calm.name);
    last.messages.push(new Uint8Array(1), 0, 1, NO_PORTS, 0, null);
    assertEquals(ports.wayOut(first), found ? toFriend : null);
    assertEquals(ports.holding(first), found ? [last] : []);
  }
});

Deno.test("PortTable.holding finds nothing that has arrived, read or not, or that nobody will read", () => {
  const { victim, send } = new Scene(), [one, two] = victim.createPipe();
  for (const end of [one, two]) end.holder = {};
  send(victim, one, new Uint8Array(1));
  assertEquals([two.queue!.length, victim.ports.holding(one)], [1, []]);
  victim.ports.remove(two);
  assertEquals(victim.ports.holding(one), []);
});

Deno.test("Node.commit keeps to what the node takes that the other end has just moved to", () => {
  for (const over of [0, 1]) {
    const scene = new Scene(), { victim, calm, toFriend } = scene;
    const [x, y] = victim.createPipe(), [one, two] = victim.createPipe();
    for (const end of [x, y, one, two]) end.holder = {};
    scene.send(victim, calm, new Uint8Array(1), [y]);
    toFriend.maxPipesPerMessage = 1;
    toFriend.output.maxFrameBytes = 2000;
    const most = 2000 - FORWARD_HEAD_BYTES - DESCRIPTOR_BYTES;
    const long = () => scene.send(victim, x, new Uint8Array(most + over), [one]);
    const many = () =>
      scene.send(victim, x, new Uint8Array(1), over ? [one, two] : [two]);
    for (const send of [long, many]) {
      if (over) assertThrows(send, LimitError);
      else assert(send());
    }
  }
});
