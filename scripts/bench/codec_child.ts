/** Measures one codec, a window at a time, as its standard input says. @module */
import { type Codec, CODECS, type Encoded, type ObjectName } from "./codec_peers.ts";
import { benchObjects } from "./codec_records.ts";

/** Operations between two looks at the clock, for each of the objects. */
const TURNS = 4;
/** What came out, so that none of it can be left undone. */
let sum = 0;

class Bench {
  readonly #codec: Codec;
  readonly #objects: readonly unknown[];
  readonly #encoded: readonly Encoded[];

  constructor(codec: Codec, objects: readonly unknown[]) {
    this.#codec = codec;
    this.#objects = objects.map((object) => codec.prepare?.(object) ?? object);
    this.#encoded = this.#objects.map((object) => {
      const encoded = codec.encode(object);
      if (codec.keep !== undefined) return codec.keep(encoded);
      return encoded instanceof Uint8Array ? encoded.slice() : encoded;
    });
    objects.forEach((object, i) => {
      const decoded = codec.decode(this.#encoded[i]!);
      const [one, other] = [object, decoded].map(canonical);
      if (one !== other) throw new Error(`Expected ${one}: received ${other}`);
    });
  }

  /** What all objects come to. */
  get bytes(): number {
    const utf8 = new TextEncoder();
    const lengths = this.#encoded.map((encoded) =>
      typeof encoded === "string" ? utf8.encode(encoded).length : encoded.length
    );
    return Math.round(lengths.reduce((all, one) => all + one, 0) / lengths.length);
  }

  /** Thousand operations a second. */
  run(operation: string, ms: number): number {
    const isEncode = operation === "encode", codec = this.#codec;
    const objects = this.#objects, encoded = this.#encoded;
    const start = performance.now();
    let took = 0, count = 0;
    while (took < ms) {
      for (let turn = 0; turn < TURNS; turn++) {
        if (isEncode) {
          for (const object of objects) sum += codec.encode(object).length;
        } else {
          for (const bytes of encoded) if (codec.decode(bytes) !== null) sum++;
        }
      }
      count += TURNS * objects.length;
      took = performance.now() - start;
    }
    return count / took;
  }
}

/** The same text for what is the same, whatever class it is of. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (key, item) => {
    if (key.startsWith("$")) return undefined;
    if (typeof item === "bigint") return `${item}`;
    if (ArrayBuffer.isView(item) || item?.type === "Buffer") {
      const bytes = ArrayBuffer.isView(item) ? item as Uint8Array : item.data;
      return `bytes ${[...bytes].join()}`;
    }
    if (item === null || typeof item !== "object" || Array.isArray(item)) return item;
    return Object.fromEntries(
      Object.entries(item).toSorted(([a], [b]) => a < b ? -1 : 1),
    );
  });
}

if (import.meta.main) {
  const source = CODECS[Deno.args[0]!]!, objects = benchObjects();
  const benches = new Map<string, Bench>();
  for (const name of Object.keys(objects) as ObjectName[]) {
    benches.set(name, new Bench(await source.load(name), objects[name]));
  }
  const sizes = Object.fromEntries(
    [...benches].map(([name, { bytes }]) => [name, bytes]),
  );
  console.log(JSON.stringify(sizes));
  let text = "";
  for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end; (end = text.indexOf("\n")) >= 0; text = text.slice(end + 1)) {
      const [name, operation, ms] = text.slice(0, end).split(" ");
      console.log(benches.get(name!)!.run(operation!, Number(ms)));
    }
  }
  if (sum < 0) console.log(sum);
}
