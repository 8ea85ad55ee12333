/** Reads as many bytes as it is told to, over and over. Answers with one byte each time. @module */
const conn = await Deno.connect({ transport: "unix", path: Deno.args[0]! });
const into = new Uint8Array(64 * 1024);
const head = new Uint8Array(8);
for (;;) {
  const count = await conn.read(head);
  if (count === null) break;
  const left = new DataView(head.buffer).getFloat64(0);
  for (let read = 0; read < left;) read += (await conn.read(into))!;
  await conn.write(head.subarray(0, 1));
}
