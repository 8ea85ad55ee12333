/**
 * What was played, kept in a file: a JSON line for each part, written when all of it is done.
 *
 * @module
 */
import type { Part, Tally } from "./batch.ts";

/** A part that was played. */
export interface Played {
  /** What it was played with: see {@linkcode codePrint}. */
  readonly code: string;
  readonly part: Part;
  readonly tally: Tally;
}

const ROOT = new URL("../../", import.meta.url);
/** Folders, and what else the simulator is made of. */
const CODE = ["core/ports/", "core/wire/", "core/", "tests/sim/"];
const MORE_CODE = ["tests/core/ports/forgery.ts"];

/** A number that is another one as soon as anything changes that decides what a schedule does. */
export async function codePrint(): Promise<string> {
  const paths = CODE.flatMap((folder) =>
    [...Deno.readDirSync(new URL(folder, ROOT))].map(({ name }) => folder + name)
  ).filter((path) => path.endsWith(".ts") && !path.endsWith("_test.ts"));
  const texts = [...paths, ...MORE_CODE].sort().map((path) =>
    `${path}\n${Deno.readTextFileSync(new URL(path, ROOT))}`
  );
  const bytes = new TextEncoder().encode(texts.join("\n"));
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest, 0, 8)].map((byte) =>
    byte.toString(16).padStart(2, "0")
  )
    .join("");
}

/** All that is in the file, which need not be there. A last line that was cut short is taken off. */
export function readRecord(path: string): Played[] {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  if (whole !== text) Deno.writeTextFileSync(path, whole);
  return whole.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** Adds a part to the file. */
export function record(path: string, played: Played): void {
  Deno.writeTextFileSync(path, `${JSON.stringify(played)}\n`, { append: true });
}
