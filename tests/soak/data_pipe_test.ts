import { assert, assertEquals } from "@std/assert";
import { soakDataPipe } from "./data_pipe.ts";

Deno.test("A data pipe carries every byte while both ends move, and takes no more memory than said", async () => {
  const bytes = 48 * 1024 * 1024;
  const soak = await soakDataPipe(bytes, 256 * 1024, 3);
  assertEquals(soak.bytes, bytes);
  assertEquals(soak.hashes[0], soak.hashes[1]);
  assert(soak.mostBytes <= soak.allowedBytes, `${soak.mostBytes} bytes`);
});
