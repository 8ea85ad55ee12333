/**
 * How long the command `gen` takes for many interfaces, from its start to its end, in one file and in
 * many.
 *
 * @module
 */
import { median, Series } from "./report.ts";

const CLI = new URL("../../idl/cli.ts", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url);
const COUNT = 1000;

/** An interface of a usual size: four methods with replies, one without, some types. */
function interfaceSource(i: number): string {
  return `/// Looks after the documents of number ${i}.
interface Archive${i} {
  /// Opens a document.
  Open(string path, bool writable) => (uint32 id, int64 bytes);
  Read(uint32 id, uint64 offset, uint32 count) => (bytes data, bool isLast);
  Find(array<string> words, int32? limit) => (array<string> paths);
  Watch(uint32 id, MessagePipe observer);
  /// Closes it again.
  Close(uint32 id) => ();
}
`;
}

/** Milliseconds of one run over `folder`, without anything there to compare with. */
async function compileAll(folder: string): Promise<number> {
  const out = `${folder}/out`;
  const start = performance.now();
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--quiet", "--allow-read", "--allow-write"]
      .concat(["--ignore-env", "--config", CONFIG.pathname, CLI.href])
      .concat(["--quiet", "--out", out, `${folder}/in`]),
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  const took = performance.now() - start;
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  await Deno.remove(out, { recursive: true });
  return took;
}

/** Takes the figures of `rounds` rounds, after one to warm up. */
export async function measureCompile(
  rounds: number,
  progress: (line: string) => void,
): Promise<Series[]> {
  const folder = await Deno.makeTempDir();
  try {
    const sources = Array.from({ length: COUNT }, (_, i) => interfaceSource(i));
    const rows: readonly [name: string, title: string, files: readonly string[]][] = [
      ["one-file", "1,000 interfaces in one file", [sources.join("\n")]],
      ["files", "1,000 files of one interface", sources],
      ["one", "one interface", [sources[0]!]],
    ];
    const all: Series[] = [];
    for (const [name, title, files] of rows) {
      await Deno.mkdir(`${folder}/${name}/in`, { recursive: true });
      await Promise.all(
        files.map((text, i) =>
          Deno.writeTextFile(`${folder}/${name}/in/a${i}.magen`, text)
        ),
      );
      all.push(new Series({ name, title, unit: "ms", better: "lower" }));
    }
    for (let round = 0; round <= rounds; round++) {
      for (const series of all) {
        progress(`round ${round} of ${rounds}: ${series.workload.title}`);
        const took = await compileAll(`${folder}/${series.workload.name}`);
        if (round > 0) series.ours.push(took);
      }
    }
    progress("");
    return all;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The figures for people. */
export function compileText(all: readonly Series[]): string {
  return all.map(({ workload, ours }) =>
    `${workload.title.padEnd(32)}${Math.min(...ours).toFixed(0).padStart(6)} ms` +
    `  (median ${median(ours).toFixed(0)})`
  ).join("\n");
}
