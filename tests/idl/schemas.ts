/**
 * Puts random schemas to the test, as many as one likes.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { compileSources } from "./random/generated.ts";
import { evolve, randomSchema } from "./random/random_schema.ts";
import { shrink } from "./random/shrinking.ts";
import { type Sources, sourcesOf } from "./random/source.ts";
import { playSeed } from "./random/trial.ts";

const HELP =
  `Compiles random schemas, sends random values, and lets two versions of each talk.

Usage: deno task schemas [--seeds N] [--seed FIRST] [--rounds R] [--keep-going] [--print]
                         [--types DIR]

  --seeds N     how many schemas (default 200)
  --seed FIRST  the first (default 1)
  --rounds R    values of each type (default 8)
  --keep-going  goes on behind a failure, without making it smaller
  --print       prints the sources and plays nothing
  --types DIR   writes what is generated below DIR, a folder for each, and plays nothing:
                for deno check and deno lint
  --help        prints this

Ends with 1 at the first failure, made as small as it gets.
`;
const PROGRESS_MS = 2000;

function print(sources: Sources): string {
  return [...sources].map(([path, text]) => `// ${path}\n${text}`).join("\n");
}

async function write(folder: string, sources: Sources): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const [path, output] of await compileSources(sources)) {
    await Deno.writeTextFile(`${folder}/${path}`, output);
  }
}

async function main(): Promise<number> {
  const args = parseArgs(Deno.args, {
    boolean: ["help", "keep-going", "print"],
    string: ["seeds", "seed", "rounds", "types"],
    default: { seeds: "200", seed: "1", rounds: "8" },
  });
  if (args.help) {
    console.log(HELP);
    return 0;
  }
  const first = Number(args.seed),
    seeds = Number(args.seeds),
    rounds = Number(args.rounds);
  let values = 0, failures = 0, shown = performance.now();
  for (let seed = first; seed < first + seeds; seed++) {
    const old = randomSchema(seed);
    if (args.print) {
      console.log(print(sourcesOf(old)));
      continue;
    }
    if (args.types !== undefined) {
      await write(`${args.types}/${seed}`, sourcesOf(old));
      await write(`${args.types}/${seed}-newer`, sourcesOf(evolve(old, seed)));
      continue;
    }
    try {
      values += await playSeed(seed, rounds);
    } catch (error) {
      failures++;
      console.log(`seed ${seed}: ${(error as Error).message}`);
      if (args["keep-going"]) continue;
      const small = await shrink(seed, rounds);
      console.log(
        `\n${print(sourcesOf(small.schema))}\n${(small.error as Error).message}`,
      );
      console.log(`\ndeno task schemas --seed ${seed} --seeds 1 --rounds ${rounds}`);
      return 1;
    }
    const now = performance.now();
    if (now - shown < PROGRESS_MS) continue;
    shown = now;
    console.error(`${seed - first + 1} schemas, ${values} values`);
  }
  console.log(`schemas ${seeds}, values ${values}, failures ${failures}`);
  return failures === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
