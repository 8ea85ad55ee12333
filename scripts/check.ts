/**
 * Everything that has to hold besides the tests: `deno task check`.
 *
 * @module
 */

/** One thing to hold, and the arguments of Deno that find out. */
interface Check {
  readonly name: string;
  readonly args: readonly string[];
  /** How to mend it, when a command does. */
  readonly mend?: string;
}

const ENTRIES = [
  "mod.ts",
  "transports/child.ts",
  "transports/shared_memory.ts",
  "core/bindings/generated_v1.ts",
  "core/std/mod.ts",
  "idl/mod.ts",
];
const SCRIPT = [
  "run",
  "--no-prompt",
  "--quiet",
  "--allow-read",
  "--allow-write",
  "--allow-run",
];

const CHECKS: readonly Check[] = [
  { name: "format", args: ["fmt", "--check", "--quiet"], mend: "deno fmt" },
  { name: "lint", args: ["lint", "--quiet"] },
  { name: "types", args: ["check", "--quiet", "."] },
  { name: "layers", args: [...SCRIPT, "--allow-env", "scripts/check_layers.ts"] },
  { name: "docs", args: ["doc", "--lint", "--quiet", ...ENTRIES] },
  {
    name: "generated files",
    args: [...SCRIPT, "--ignore-env", "idl/cli.ts", "--check", "--quiet"],
    mend: "deno task gen",
  },
  {
    name: "diagnostics page",
    args: [...SCRIPT, "scripts/diagnostics_page.ts", "--check"],
    mend: "deno run -RW scripts/diagnostics_page.ts",
  },
  { name: "publishing", args: ["publish", "--dry-run", "--allow-dirty", "--quiet"] },
];

if (Deno.args.length > 0) {
  console.log(
    "Check format, lint, types, layers, docs, generated files, the page of diagnostics, publishing.\n",
  );
  console.log("Usage: deno task check");
  Deno.exit(Deno.args[0] === "--help" || Deno.args[0] === "-h" ? 0 : 2);
}

let failed = 0;
for (const { name, args, mend } of CHECKS) {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: new URL("../", import.meta.url),
    stdin: "null",
  }).output();
  console.log(`${success ? "ok    " : "FAILED"}  ${name}`);
  if (success) continue;
  failed++;
  await Deno.stderr.write(stdout);
  await Deno.stderr.write(stderr);
  if (mend !== undefined) console.error(`Mend it with: ${mend}`);
}
console.log(
  failed === 0 ? "All checks hold" : `${failed} of ${CHECKS.length} checks failed`,
);
Deno.exit(failed === 0 ? 0 : 1);
