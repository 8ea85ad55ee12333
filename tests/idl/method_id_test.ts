import { assert, assertEquals } from "@std/assert";
import {
  FIRST_RESERVED_ID,
  idText,
  isReservedId,
  methodId,
} from "../../idl/meaning/method_id.ts";

Deno.test("a method id is 31 bits of the SHA-256 of its full name", async () => {
  const names = [
    "FetchURL",
    "",
    ...Array.from({ length: 140 }, (_, i) => "m".repeat(i)),
  ];
  for (const name of names) {
    const bytes = new TextEncoder().encode(`NetworkProcess/${name}`);
    const digest = new DataView(await crypto.subtle.digest("SHA-256", bytes));
    assertEquals(methodId("NetworkProcess", name), digest.getUint32(0) & 0x7fffffff);
  }
  assertEquals(idText(methodId("NetworkProcess", "FetchURL")), "0x14f21dec");
});

Deno.test("zero and the highest ids are reserved", () => {
  assert(isReservedId(0) && isReservedId(FIRST_RESERVED_ID) && isReservedId(0x7fffffff));
  assert(!isReservedId(1) && !isReservedId(FIRST_RESERVED_ID - 1));
});
