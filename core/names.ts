/**
 * Names of nodes and ports: 128 random bits, always chosen by the node that owns the thing named.
 *
 * @module
 */
import type { Environment } from "./environment.ts";

/** A name, as four signed words so that each stays a small integer for the engine. */
export class Name {
  /** First word. It alone picks the hash bucket: only our own random names are ever in a table. */
  readonly a: number;
  /** Second word. */
  readonly b: number;
  /** Third word. */
  readonly c: number;
  /** Fourth word. */
  readonly d: number;
  /** Makes a name of its words. */
  constructor(a: number, b: number, c: number, d: number) {
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
  }

  /** Reads 16 bytes. */
  static read(view: DataView, at: number): Name {
    return new Name(
      view.getInt32(at, true),
      view.getInt32(at + 4, true),
      view.getInt32(at + 8, true),
      view.getInt32(at + 12, true),
    );
  }

  /** The name that 16 of `bytes` spell, from `at` on. */
  static ofBytes(bytes: Uint8Array, at = 0): Name {
    return Name.read(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), at);
  }

  /** The name that `text` spells, as `toString` has it; `null` if it is no name. */
  static parse(text: unknown): Name | null {
    if (typeof text !== "string" || !/^[0-9a-f]{32}$/.test(text)) return null;
    const word = (at: number) => parseInt(text.slice(at, at + 8), 16) | 0;
    return new Name(word(0), word(8), word(16), word(24));
  }

  /** Writes 16 bytes. */
  write(view: DataView, at: number): void {
    view.setInt32(at, this.a, true);
    view.setInt32(at + 4, this.b, true);
    view.setInt32(at + 8, this.c, true);
    view.setInt32(at + 12, this.d, true);
  }

  /** Whether the 16 bytes at `at` spell this name. */
  matches(view: DataView, at: number): boolean {
    return view.getInt32(at, true) === this.a && view.getInt32(at + 4, true) === this.b &&
      view.getInt32(at + 8, true) === this.c && view.getInt32(at + 12, true) === this.d;
  }

  /** Whether both are the same name. */
  equals(other: Name): boolean {
    return this.a === other.a && this.b === other.b && this.c === other.c &&
      this.d === other.d;
  }

  /** All 32 hexadecimal digits: for keys of cold tables and for traces. */
  toString(): string {
    return hex(this.a) + hex(this.b) + hex(this.c) + hex(this.d);
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}

/** Makes names, taking randomness in batches: one system call for 256 of them. */
export class NameSource {
  readonly #environment: Environment;
  readonly #words: Int32Array<ArrayBuffer> = new Int32Array(1024);
  #next = 1024;

  /** Makes a source. */
  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** A name that nobody else has. */
  next(): Name {
    if (this.#next === this.#words.length) {
      this.#environment.fillRandom(this.#words);
      this.#next = 0;
    }
    const w = this.#words, i = this.#next;
    this.#next += 4;
    return new Name(w[i]!, w[i + 1]!, w[i + 2]!, w[i + 3]!);
  }
}
