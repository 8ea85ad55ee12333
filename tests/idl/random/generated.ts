/**
 * Sources, compiled and loaded, as the tests of random schemas need them.
 *
 * @module
 */
import type { Interface } from "../../../core/bindings/generated_v1.ts";
import { Decoder } from "../../../core/wire/decoder.ts";
import { Encoder } from "../../../core/wire/encoder.ts";
import { compile, printDiagnostics } from "../../../idl/mod.ts";
import { importFiles } from "../files.ts";
import type { Sources } from "./source.ts";

/** A message without its head's numbers, and what is attached to it. */
export interface Encoded {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly handles: readonly object[];
}

type Read = (decoder: Decoder, label: string) => unknown;
type Write = (encoder: Encoder, value: unknown, label: string) => void;

const MAX_BYTES = 1 << 26;

/** Compiles `sources`. Returns the outputs by path. Throws when there is an error. */
export async function compileSources(sources: Sources): Promise<Map<string, string>> {
  const outputs = new Map<string, string>();
  for (const [path, source] of sources) {
    const result = await compile(source, { path, read: (other) => sources.get(other) });
    if (result.output === undefined) {
      const diagnostics = result.diagnostics.filter(({ severity }) =>
        severity === "error"
      );
      throw new Error(
        `Cannot compile:\n${printDiagnostics(source, { ...result, diagnostics })}`,
      );
    }
    outputs.set(`${path}.ts`, result.output);
  }
  return outputs;
}

/** The code of a schema. */
export class Generated {
  readonly #exports: Readonly<Record<string, unknown>>;
  readonly #encoder = new Encoder(MAX_BYTES, 4096);
  readonly #decoder = new Decoder();

  private constructor(exports: Readonly<Record<string, unknown>>) {
    this.#exports = exports;
    this.#encoder.owner = {
      attach: (encoder: Encoder, handle: object) => encoder.handle(handle),
    };
  }

  /** Compiles `sources` and loads what comes out. */
  static async load(sources: Sources): Promise<Generated> {
    const files = Object.fromEntries(await compileSources(sources));
    const loaded = Object.values(await importFiles<Record<string, unknown>>(files));
    return new Generated(Object.assign({}, ...loaded));
  }

  /** What is exported for the definition `name`, which may have had to step aside. */
  #export<T>(before: string, name: string): T {
    const found = this.#exports[before + name] ?? this.#exports[`${before}${name}_`];
    if (found === undefined) throw new Error(`There is no ${before}${name}`);
    return found as T;
  }

  /** An interface. */
  interface(name: string): Interface<object> {
    return this.#export("", name);
  }

  /** A message that holds nothing but `value`, of the struct or union `name`. */
  encode(name: string, value: unknown): Encoded {
    const write = this.#export<Write>("$write", name), encoder = this.#encoder;
    encoder.beginMessage(0, 0, 0);
    try {
      write(encoder, value, "value");
      encoder.finishMessage(0);
      const bytes = encoder.bytes.slice(0, encoder.at), handles = encoder.handles.slice();
      encoder.open = false;
      encoder.rewind();
      return { bytes, handles };
    } catch (error) {
      throw encoder.cancel(error);
    }
  }

  /** Reads such a message. */
  decode(name: string, { bytes, handles }: Encoded): unknown {
    const read = this.#export<Read>("$read", name), decoder = this.#decoder;
    decoder.begin(bytes, new DataView(bytes.buffer), 0, bytes.length, handles);
    const value = read(decoder, "value");
    decoder.finish();
    return value;
  }
}
