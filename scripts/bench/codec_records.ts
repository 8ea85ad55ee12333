/**
 * What codecs are given: as plain objects, all different from each other.
 *
 * @module
 */

/** Part of a record. */
export interface Item {
  id: number;
  score: number;
  label: string;
  isNew: boolean;
}

/** The object that is measured: `Record` of `codecs.magen`. */
export interface BenchRecord {
  id: number;
  created: bigint;
  score: number;
  isActive: boolean;
  state: 0 | 1 | 2;
  name: string;
  path: string;
  note?: string | undefined;
  tags: string[];
  digest: Uint8Array;
  items: Item[];
}

/** The request of a small call. */
export interface FetchRequest {
  url: string;
}

/** The answer to one. */
export interface FetchResponse {
  body: Uint8Array;
}

/** What is measured, by name. */
export interface Objects {
  readonly record: readonly BenchRecord[];
  readonly ascii: readonly BenchRecord[];
  readonly request: readonly FetchRequest[];
  readonly response: readonly FetchResponse[];
}

const COUNT = 64;
const NOTES = ["mit Grüßen aus Köln", "日本語のメモ", "naïve café 😀", "Здравствуйте"];
const WORDS = "alpha bravo charlie delta echo foxtrot golf hotel india juliett".split(
  " ",
);

/** The objects. The same for everybody who asks. */
export function benchObjects(): Objects {
  const numbers = Array.from({ length: COUNT }, (_, i) => i);
  const url = "https://example.com/a/path/to/some/resource?id=";
  return {
    record: numbers.map((i) => record(i, i % 4 === 3 ? undefined : NOTES[i % 4])),
    ascii: numbers.map((i) => record(i, i % 4 === 3 ? undefined : `plain note ${i}`)),
    request: numbers.map((i) => ({
      url: url + `${100 + i}`.padStart(50 - url.length, "0"),
    })),
    response: numbers.map((i) => ({ body: bytes(1024, i) })),
  };
}

function record(i: number, note: string | undefined): BenchRecord {
  const word = (n: number) => WORDS[(i * 7 + n * 3) % WORDS.length]!;
  return {
    id: 1_000_000 + i,
    created: 1_700_000_000_000_000_000n + BigInt(i) * 1_000_003n,
    score: 0.1 + i / 7,
    isActive: i % 3 !== 0,
    state: (i % 3) as 0 | 1 | 2,
    name: `${word(0)} ${word(1)} ${i}`,
    path: `/home/${word(2)}/projects/${word(3)}/src/${word(4)}_${i}.ts`,
    note,
    tags: [word(5), `${word(6)}-${i}`, word(7), `tag${i}`],
    digest: bytes(64, i),
    items: Array.from({ length: 16 }, (_, n) => ({
      id: i * 16 + n - 500,
      score: (i - n) * 1.25,
      label: `${word(n)} item ${n}`,
      isNew: (i + n) % 2 === 0,
    })),
  };
}

function bytes(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i * 31 + seed * 17);
}
