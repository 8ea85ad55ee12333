/**
 * Checks that imports point one way, that nothing reaches the outside world but what is meant to, and
 * that no file outgrows its idea.
 *
 * @module
 */
import { moduleGraph } from "./module_graph.ts";

/** A part of the house: which files it has, and which it may import. First match counts. */
interface Layer {
  readonly files: RegExp;
  readonly mayImport: RegExp;
}

const BASE = "core/(errors|result|limits|environment|names|transport)\\.ts";
const LAYERS: readonly Layer[] = [
  { files: /^core\/[a-z]+\.ts$/, mayImport: re(BASE) },
  { files: /^core\/wire\//, mayImport: re(BASE, "core/wire/.*") },
  { files: /^core\/ports\//, mayImport: re(BASE, "core/wire/.*", "core/ports/.*") },
  {
    files: /^core\/system\//,
    mayImport: re(BASE, "core/wire/.*", "core/ports/.*", "core/system/.*"),
  },
  {
    files: /^core\/bindings\//,
    mayImport: re(BASE, "core/wire/.*", "core/system/.*", "core/bindings/.*"),
  },
  // What launches and joins also uses what people hold.
  {
    files: /^transports\/(child|invitation|spawn)\.ts$/,
    mayImport: re(BASE, "core/system/.*", "core/bindings/.*", "transports/.*"),
  },
  // What serves, or uses, what the operating system has.
  {
    files: /^transports\/serve\//,
    mayImport: re(BASE, "core/system/.*", "transports/.*"),
  },
  // How what is kept gets elsewhere.
  {
    files: /^transports\/([a-z_]*(door|region)|(shared_(file|memory)|birth)[a-z_]*)\.ts$/,
    mayImport: re(BASE, "core/system/.*", "transports/.*", "node:(fs|process)"),
  },
  {
    files: /^transports\//,
    mayImport: re(
      "core/(transport|errors|limits)\\.ts",
      "core/wire/frame\\.ts",
      "transports/.*",
      "node:(net|child_process|worker_threads|os|stream|fs)",
    ),
  },
  {
    files: /^idl\/syntax\//,
    mayImport: re("idl/(builtin|diagnostic|suggest)\\.ts", "idl/syntax/.*"),
  },
  {
    files: /^idl\/meaning\//,
    mayImport: re(
      "idl/(builtin|diagnostic|suggest)\\.ts",
      "idl/(syntax|meaning)/.*",
      "npm:/?@noble/hashes@.*",
    ),
  },
  {
    files: /^idl\/typescript\//,
    mayImport: re("idl/builtin\\.ts", "idl/(meaning|typescript)/.*", "npm:ts-morph@.*"),
  },
  {
    files: /^idl\/zod\//,
    mayImport: re("idl/builtin\\.ts", "idl/(meaning|typescript|zod)/.*"),
  },
  {
    files: /^idl\/cli\.ts$/,
    mayImport: re("idl/.*", "scripts/std/parse_args.*"),
  },
  { files: /^idl\//, mayImport: re("idl/.*") },
  // The standard module is generated, too; its mappings are by hand.
  {
    files: /^core\/std\/std\.magen(\.zod)?\.ts$/,
    mayImport: re("core/bindings/generated_v1\\.ts", "core/std/.*", "npm:zod@.*"),
  },
  {
    files: /^core\/std\//,
    mayImport: re("core/system/.*", "core/bindings/type_map\\.ts", "core/std/.*"),
  },
  {
    files: /\.magen\.ts$/,
    mayImport: re(
      "core/bindings/generated_v1\\.ts",
      "core/std/mod\\.ts",
      ".*\\.magen\\.ts",
      "tests/idl/golden/(point|color)\\.ts",
    ),
  },
  {
    files: /^mod\.ts$/,
    mayImport: re(BASE, "core/system/.*", "core/bindings/.*", "transports/.*"),
  },
  // Nobody imports tests, and an example sees what a user sees.
  {
    files: /^examples\//,
    mayImport: re(
      "mod\\.ts",
      "transports/child\\.ts",
      "examples/.*",
      "scripts/example\\.ts",
      "scripts/std/.*",
      "npm:.*",
      "node:crypto",
    ),
  },
  { files: /^(scripts|tests)\//, mayImport: /^/ },
];

/** What may appear in the text of which files. */
const WORDS: readonly { word: RegExp; onlyIn: RegExp; why: string }[] = [
  {
    word: /\bDeno\.(?!Conn\b|Signal\b|CommandStatus\b)|["']node:/,
    onlyIn: /^(transports|scripts|tests|examples)\/|^idl\/(cli\.ts$|command\/)/,
    why: "only transports, command lines, tests and examples touch the runtime",
  },
  {
    word:
      /\b(Date\.now|performance\.now|setTimeout|setInterval|Math\.random|getRandomValues)\b/,
    onlyIn: /^core\/environment\.ts$|^(transports|scripts|tests|examples)\//,
    why: "clocks, timers and randomness enter core through core/environment.ts",
  },
  {
    word: /\b(await|async|Promise|queueMicrotask)\b/,
    onlyIn: /^(?!core\/(ports|wire)\/)/,
    why: "core/ports and core/wire never wait",
  },
  {
    word: /\beval\(|new Function\(/,
    onlyIn: /^tests\//,
    why: "no code is made at run time",
  },
];

/** The most lines a file may have, and a test, which may list more than it thinks. */
const MAX_LINES = { source: 550, test: 900 };

function re(...patterns: string[]): RegExp {
  return new RegExp(`^(${patterns.join("|")})$`);
}

/** Source without comments, so that prose may name what code may not. */
function codeOf(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
}

async function sources(directory: URL, path: string, found: string[]): Promise<string[]> {
  for await (const entry of Deno.readDir(new URL(path, directory))) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    if (entry.isDirectory) await sources(directory, `${path}${entry.name}/`, found);
    else if (/\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts")) {
      found.push(path + entry.name);
    }
  }
  return found;
}

/** All violations, as lines. */
export async function checkLayers(root: URL): Promise<string[]> {
  const problems: string[] = [];
  const files = (await sources(root, "./", [])).map((path) => path.slice(2)).sort();
  const cycles = new Map<string, string[]>();
  // One entry that imports everything: one run of `deno info`.
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(
    entry,
    files.map((file) => `import ${JSON.stringify(new URL(file, root).href)};`).join("\n"),
  );
  const graph = await moduleGraph(entry, new URL("deno.json", root));
  await Deno.remove(entry);

  for (const file of files) {
    const text = await Deno.readTextFile(new URL(file, root));
    const lines = text.split("\n").length - 1;
    const max = file.startsWith("tests/") ? MAX_LINES.test : MAX_LINES.source;
    if (lines > max && !file.endsWith(".magen.ts")) {
      problems.push(
        `${file}: ${lines} lines; a file past ${max} asks to be split by idea`,
      );
    }
    const code = codeOf(text);
    for (const { word, onlyIn, why } of WORDS) {
      if (onlyIn.test(file)) continue;
      const found = word.exec(code);
      if (found !== null) problems.push(`${file}: '${found[0]}': ${why}`);
    }
    const layer = LAYERS.find(({ files }) => files.test(file));
    if (layer === undefined) {
      problems.push(`${file}: belongs to no layer; see scripts/check_layers.ts`);
      continue;
    }
    const imports = graph.get(new URL(file, root).href)?.imports ?? [];
    for (const { written, target, code } of imports) {
      const path = target.startsWith(root.href) ? target.slice(root.href.length) : target;
      if (!layer.mayImport.test(path)) {
        problems.push(`${file}: must not import '${written}'`);
      }
      if (code) cycles.set(file, [...cycles.get(file) ?? [], path]);
    }
  }
  for (const cycle of findCycles(cycles)) {
    problems.push(`import cycle: ${cycle.join(" -> ")}`);
  }
  return problems;
}

function findCycles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const done = new Set<string>(), path: string[] = [], cycles: string[][] = [];
  const visit = (file: string) => {
    const at = path.indexOf(file);
    if (at >= 0) cycles.push([...path.slice(at), file]);
    if (at >= 0 || done.has(file)) return;
    path.push(file);
    for (const next of imports.get(file) ?? []) visit(next);
    path.pop();
    done.add(file);
  };
  for (const file of imports.keys()) visit(file);
  return cycles;
}

if (import.meta.main) {
  const problems = await checkLayers(new URL("../", import.meta.url));
  for (const problem of problems) console.error(problem);
  Deno.exit(problems.length > 0 ? 1 : 0);
}
