/**
 * Walks small worlds of nodes in every order in which things can happen in them.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { type Walk, walk } from "./walk.ts";
import { WORLDS } from "./worlds.ts";

const HELP =
  `Walks small worlds of nodes in every order in which things can happen in them.

Usage: deno task exhaust [--world TEXT]... [--max-states N] [--resume FILE]

  --world TEXT    walks only worlds whose name contains this
  --max-states N  goes on to the next world after so many states
  --resume FILE   keeps the figures there, a JSON line for each world, and skips what is in it
  --list          lists the worlds and walks none
  --help          prints this

Ends with 1 when a promise was broken, and prints what led to it.
`;

/** What is kept of a walk. */
interface Figures extends Walk {
  readonly world: string;
  readonly ms: number;
}

async function readFigures(path: string | undefined): Promise<Figures[]> {
  if (path === undefined) return [];
  try {
    const text = await Deno.readTextFile(path);
    return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function main(): Promise<number> {
  const args = parseArgs(Deno.args, {
    boolean: ["help", "list"],
    string: ["max-states", "resume", "world"],
    collect: ["world"],
    default: { "max-states": "Infinity" },
  });
  if (args.help) {
    console.log(HELP);
    return 0;
  }
  const worlds = WORLDS.filter(({ name }) =>
    args.world.length === 0 || args.world.some((text) => name.includes(text))
  );
  if (args.list) {
    for (const { name } of worlds) console.log(name);
    return 0;
  }
  if (worlds.length === 0) {
    console.error("No world has such a name");
    return 2;
  }
  const names = new Set(worlds.map(({ name }) => name));
  const all = (await readFigures(args.resume)).filter(({ world }) => names.has(world));
  for (const plan of worlds) {
    if (all.some(({ world }) => world === plan.name)) continue;
    const start = performance.now();
    const maxStates = Number(args["max-states"]);
    const progress = ({ states, transitions }: Walk) =>
      console.error(`${plan.name}: ${states} states, ${transitions} transitions so far`);
    const result = walk(plan, { maxStates, progress });
    const ms = Math.round(performance.now() - start);
    const figures = { world: plan.name, ms, ...result };
    all.push(figures);
    if (args.resume !== undefined) {
      const line = `${JSON.stringify(figures)}\n`;
      await Deno.writeTextFile(args.resume, line, { append: true });
    }
    console.error(
      `${plan.name}: ${result.states} states, ${result.transitions} transitions, ${result.ends} ends, ${
        (ms / 1000).toFixed(1)
      } s${result.complete ? "" : ", not complete"}`,
    );
  }
  for (const { world, violation } of all) {
    if (violation === null) continue;
    console.log(`${world}: ${violation.what}`);
    for (const line of violation.way) console.log(`  ${line}`);
  }
  const sum = (of: (figures: Figures) => number) =>
    all.reduce((sum, figures) => sum + of(figures), 0);
  const violations = sum(({ violation }) => violation === null ? 0 : 1);
  console.log(
    `worlds ${all.length}, complete ${sum(({ complete }) => complete ? 1 : 0)}, states ${
      sum(({ states }) => states)
    }, transitions ${sum(({ transitions }) => transitions)}, end states ${
      sum(({ ends }) => ends)
    }, violations ${violations}`,
  );
  return violations === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
