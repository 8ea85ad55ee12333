import { assert, assertEquals } from "@std/assert";
import { BadMessageError } from "../../core/errors.ts";
import { type Codec, codecsOf, type Message } from "./codec_module.ts";
import { bytesOf, GOLDEN_MESSAGES } from "./golden_messages.ts";
import { type Sample, SAMPLES } from "./golden_types.ts";
import { ReferenceWriter } from "./reference_codec.ts";

const HEAD_BYTES = 16;

async function forEachSample(
  test: (sample: Sample, codec: Codec, golden: Uint8Array<ArrayBuffer>) => void,
): Promise<void> {
  for (const sample of SAMPLES) {
    const codecs = await codecsOf([sample.struct]);
    const golden = bytesOf(GOLDEN_MESSAGES[sample.name]!);
    test(sample, codecs[sample.struct.tsName]!, golden);
  }
}

/** What reading came to: a value, or the rule that was broken. Anything else is thrown. */
function attempt(codec: Codec, message: Message): { value: unknown } | { rule: string } {
  try {
    return { value: codec.decode(message) };
  } catch (error) {
    if (error instanceof BadMessageError) return { rule: error.rule };
    throw error;
  }
}

/** Whether a value cannot be told from others: a NaN has many spellings. */
function isVague(value: unknown): boolean {
  if (typeof value === "number") return Number.isNaN(value);
  if (value instanceof Date) return true;
  if (value instanceof Map) return [...value].some(isVague);
  if (value instanceof Float32Array || value instanceof Float64Array) return false;
  return typeof value === "object" && value !== null &&
    Object.values(value).some(isVague);
}

function hasUnknownMember(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { open, some } = value as Record<string, { kind?: string } | undefined>;
  return open?.kind === "unknown" || some?.kind === "unknown";
}

Deno.test("SAMPLES and GOLDEN_MESSAGES have the same names", () => {
  assertEquals(SAMPLES.map(({ name }) => name), Object.keys(GOLDEN_MESSAGES));
});

Deno.test("codecs write each sample to its golden message, byte for byte", async () => {
  await forEachSample(({ name, value }, codec, golden) => {
    assertEquals(codec.encode(value()).bytes, golden, name);
  });
});

Deno.test("codecs make room for all that they write, whatever room there was", async () => {
  await forEachSample(({ name, value }, codec, golden) => {
    const most = Math.min(golden.length, 300);
    for (let initialBytes = 1; initialBytes <= most; initialBytes++) {
      assertEquals(codec.encode(value(), initialBytes).bytes, golden, name);
    }
  });
});

Deno.test("codecs read each golden message to its sample", async () => {
  await forEachSample(({ name, value }, codec, bytes) => {
    const { handles } = codec.encode(value());
    assertEquals(codec.decode({ bytes, handles }), value(), name);
  });
});

Deno.test("codecs write what they read to the same bytes", async () => {
  await forEachSample(({ name, value }, codec, bytes) => {
    const { handles } = codec.encode(value());
    const again = codec.encode(codec.decode({ bytes, handles }));
    assertEquals(again.bytes, bytes, name);
    assertEquals(again.handles, handles, name);
  });
});

Deno.test("codecs agree with a writer that follows the document alone", async () => {
  await forEachSample(({ name, struct, value }, _codec, golden) => {
    // What stands for such a type in a program is not what the document tells about.
    if (name === "mapped types") return;
    const bytes = new ReferenceWriter().message(struct, value());
    assertEquals(Uint8Array.from(bytes), golden, name);
  });
});

Deno.test("codecs refuse each golden message at every truncation", async () => {
  await forEachSample(({ name, value }, codec, golden) => {
    const { handles } = codec.encode(value());
    for (let to = 0; to < golden.length; to++) {
      const bytes = golden.slice(0, to);
      assert("rule" in attempt(codec, { bytes, handles }), `${name} at ${to}`);
      if (to < HEAD_BYTES) continue;
      // Also when the head agrees with what is there.
      const view = new DataView(bytes.buffer);
      if (view.getUint32(12, true) > to) view.setUint32(12, to, true);
      assert("rule" in attempt(codec, { bytes, handles }), `${name} at ${to}`);
    }
  });
});

Deno.test("codecs refuse a changed byte or read another value that they write the same", async () => {
  await forEachSample(({ name, value }, codec, golden) => {
    const { handles } = codec.encode(value());
    for (let at = HEAD_BYTES; at < golden.length; at++) {
      // In the middle of a long text nothing new happens.
      if (at > 60 && at < golden.length - 40 && golden.length > 1000) continue;
      for (const change of [1, 2, 4, 8, 16, 32, 64, 128, 255]) {
        const bytes = golden.slice();
        bytes[at]! ^= change;
        const outcome = attempt(codec, { bytes, handles });
        if ("rule" in outcome || isVague(outcome.value)) continue;
        // What was skipped is not there to be written again.
        if (hasUnknownMember(outcome.value)) continue;
        assertEquals(codec.encode(outcome.value).bytes, bytes, `${name} at ${at}`);
      }
    }
  });
});

Deno.test("codecs refuse a message with a handle too many or too few", async () => {
  await forEachSample(({ name, value }, codec, golden) => {
    const { handles } = codec.encode(value());
    for (const given of [[...handles, {}], handles.slice(1)]) {
      if (given.length === handles.length) continue;
      const bytes = golden.slice();
      bytes[2] = given.length;
      assert("rule" in attempt(codec, { bytes, handles: given }), name);
    }
  });
});
