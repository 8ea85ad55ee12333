import { assert, assertEquals } from "@std/assert";
import { Name } from "../../../core/names.ts";
import { contain } from "../../../core/ports/containment.ts";
import { Port, PortState } from "../../../core/ports/port.ts";
import { Encoder } from "../../../core/wire/encoder.ts";

const nowhere = new Encoder(1024);

/** Ports, each in an unread message of the next; somebody holds the last. */
function nest(depth: number): Port[] {
  const ports = Array.from(
    { length: depth + 1 },
    (_, i) => new Port(new Name(i, 0, 0, 0), nowhere),
  );
  for (const [i, port] of ports.entries()) port.container = ports[i + 1] ?? null;
  ports.at(-1)!.holder = {};
  return ports;
}

Deno.test("contain notes where ports are, and finds the one that would be within itself", () => {
  const [inner, , outer, held] = nest(3);
  const other = new Port(new Name(9, 9, 9, 9), nowhere);
  assertEquals(contain(inner!, [other]), false);
  assert(other.container === inner);
  assertEquals(contain(inner!, [other, held!]), false);
  assertEquals(contain(inner!, [other, outer!]), true);
});

Deno.test("contain follows 256 messages within messages, and takes more for a cycle", () => {
  const other = new Port(new Name(9, 9, 9, 9), nowhere);
  assertEquals(contain(nest(256)[0]!, [other]), false);
  assertEquals(contain(nest(257)[0]!, [other]), true);
});

Deno.test("contain finds no cycle beyond a port that is on its way", () => {
  const ports = nest(3);
  ports[1]!.state = PortState.Moving;
  assertEquals(contain(ports[0]!, [ports[2]!]), false);
});
