import { assertEquals } from "@std/assert";
import { Encoder, MessageFlag } from "../../core/wire/encoder.ts";
import { array, bool, field, i32, of, optional, string, struct } from "./codec_models.ts";
import { codecSource, importSource } from "./codec_module.ts";

type Write = (w: Encoder, value: unknown, label: string) => void;

/** The bytes of the example: what stands in front of the words. */
async function exampleBytes(): Promise<number[]> {
  const url = new URL("../../docs/wire.md", import.meta.url);
  const [, block] = (await Deno.readTextFile(url)).split("```text\n");
  const lines = block!.split("```")[0]!.trim().split("\n");
  return lines.flatMap((line) =>
    line.slice(0, 24).trim().split(" ").map((byte) => parseInt(byte, 16))
  );
}

Deno.test("docs/wire.md shows the message that is written", async () => {
  const header = struct("Header", [field("name", string), field("value", optional(i32))]);
  const parameters = struct("Fetch", [
    field("url", string),
    field("fresh", bool),
    field("retries", optional(i32)),
    field("headers", array(of(header))),
  ]);
  const loaded = await importSource(codecSource([parameters]));
  const w = new Encoder(4096);
  w.beginMessage(0, 0x1234, MessageFlag.ExpectsReply);
  const headers = [{ name: "Age", value: -2 }, { name: "é" }];
  (loaded.$writeFetch as unknown as Write)(w, { url: "a/é", fresh: true, headers }, "");
  w.finishMessage(7);
  assertEquals([...w.bytes.subarray(0, w.at)], await exampleBytes());
});
