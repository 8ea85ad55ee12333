import { assert, assertEquals } from "@std/assert";
import { Name } from "../../../core/names.ts";
import { Port } from "../../../core/ports/port.ts";
import { PortTable } from "../../../core/ports/port_table.ts";
import { Encoder } from "../../../core/wire/encoder.ts";

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
