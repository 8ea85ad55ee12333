import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { JsonValue } from "../../../core/std/value.ts";

type Wire = ReturnType<typeof JsonValue.toWire>;

/** What a codec does: comes back for each value inside. */
function roundTrip(value: JsonValue): JsonValue {
  const wire = JsonValue.toWire(value);
  if (wire.kind === "list") {
    return JsonValue.fromWire({ ...wire, value: wire.value.map(roundTrip) });
  }
  if (wire.kind === "object") {
    const entries = [...wire.value].map(([key, item]) => [key, roundTrip(item)] as const);
    return JsonValue.fromWire({ ...wire, value: new Map(entries) });
  }
  return JsonValue.fromWire(wire);
}

function wireOf(value: unknown): Wire {
  return JsonValue.toWire(value as JsonValue);
}

Deno.test("JsonValue gives back whatever JSON.parse gives", () => {
  const text = '{"a":[null,true,false,0,-1.5e+300,"",{"":[]},{}],"b":{"a":"\\u0000é😀"}}';
  const value = JSON.parse(text);
  assertEquals(JSON.stringify(roundTrip(value)), text);
  assert(Object.is(roundTrip(-0), -0));
});

Deno.test("JsonValue looks at one value and leaves those inside to the codec", () => {
  const list: JsonValue[] = [1, ["deep"]];
  assertEquals(JsonValue.toWire(list), { kind: "list", value: list });
  const object = { a: list };
  assertEquals(wireOf(object), { kind: "object", value: new Map([["a", list]]) });
});

Deno.test("JsonValue makes plain objects, and a key __proto__ a property like any other", () => {
  const value = roundTrip(JSON.parse('{"__proto__":{"hacked":true},"constructor":1}'));
  assert(typeof value === "object" && value !== null && !Array.isArray(value));
  assertEquals(Object.getPrototypeOf(value), Object.prototype);
  assertEquals(Object.keys(value), ["__proto__", "constructor"]);
  assertFalse("hacked" in value);
  assertFalse("hacked" in {});
});

Deno.test("JsonValue sends objects without a prototype, and only their own properties", () => {
  const bare: Record<string, JsonValue> = Object.create(null);
  bare.a = 1;
  assertEquals(wireOf(bare), { kind: "object", value: new Map([["a", 1]]) });
  const hidden = Object.defineProperty({ [Symbol("s")]: 1 }, "secret", { value: 1 });
  assertEquals(wireOf(hidden), { kind: "object", value: new Map() });
});

Deno.test("JsonValue refuses numbers that JSON does not have, in both directions", () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    const message = `and so a finite number: received ${value}`;
    assertThrows(() => JsonValue.toWire(value), RangeError, message);
    const wire = { kind: "number", value } as const;
    assertThrows(() => JsonValue.fromWire(wire), RangeError, message);
  }
});

Deno.test("JsonValue refuses a null that says more", () => {
  assertEquals(JsonValue.fromWire({ kind: "nothing" }), null);
  assertThrows(
    () => JsonValue.fromWire({ kind: "nothing", value: false }),
    RangeError,
    "A value that is null must say no more",
  );
});

Deno.test("JsonValue refuses what JSON does not have", () => {
  for (const value of [undefined, 1n, Symbol("s"), () => 1]) {
    const message = `one that JSON has: received ${typeof value}`;
    assertThrows(() => wireOf(value), TypeError, message);
  }
});

Deno.test("JsonValue refuses instances of classes, whatever JSON.stringify makes of them", () => {
  for (
    const value of [new Date(0), new Map(), new Uint8Array(1), Object(1), new URL("a:")]
  ) {
    assertThrows(() => wireOf(value), TypeError, "and so no instance of a class");
  }
});
