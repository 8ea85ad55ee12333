import { assert, assertEquals } from "@std/assert";
import { Name } from "../../../core/names.ts";
import { Port } from "../../../core/ports/port.ts";
import { PortTable } from "../../../core/ports/port_table.ts";
import { Encoder } from "../../../core/wire/encoder.ts";
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
