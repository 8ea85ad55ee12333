/**
 * The least a child can do: connects to the path it is given and sends back what comes.
 *
 * @module
 */
const conn = await Deno.connect({ transport: "unix", path: Deno.args[0]! });
const bytes = new Uint8Array(64);
for (let count = await conn.read(bytes); count !== null; count = await conn.read(bytes)) {
  await conn.write(bytes.subarray(0, count));
}
