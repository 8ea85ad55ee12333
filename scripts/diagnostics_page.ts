/**
 * Writes docs/diagnostics.md: every code of the compiler with an example, as the compiler itself tells it.
 *
 * @module
 */
import { ALL_CODES, findingsOf } from "../idl/command/explain.ts";
import type { DiagnosticExplanation } from "../idl/diagnostic_codes.ts";

const PAGE = new URL("../docs/diagnostics.md", import.meta.url);
const HEAD = `# Diagnostics

Everything that the compiler of \`.magen\` files can find, with a source that has the
mistake, what is said of it, and the source mended. A code never gets a second meaning.
\`deno task gen --explain MG0205\` shows one of them.

MG00xx are about the text, MG01xx about leniency towards older files, MG02xx about types
and values, MG03xx about names, numbers and attributes, MG04xx about versions and
stability.
`;

/** One code, in Markdown. */
function section(explanation: DiagnosticExplanation): string {
  const { code, severity, title, wrong, right, files } = explanation;
  const others = Object.entries(files ?? {})
    .map(([name, text]) => `In \`${name}\`:\n\n${fenced(text)}\n`);
  return [
    `## ${code}: ${title}\n`,
    ...(severity === "warning" ? ["A warning: code is generated all the same.\n"] : []),
    ...others,
    `${fenced(wrong)}\n`,
    `${fenced(findingsOf(explanation))}\n`,
    `Mended:\n\n${fenced(right)}`,
  ].join("\n");
}

function fenced(text: string): string {
  return `\`\`\`\n${text.trimEnd()}\n\`\`\``;
}

const text = `${HEAD}\n${ALL_CODES.map(section).join("\n\n")}\n`;
if (!Deno.args.includes("--check")) await Deno.writeTextFile(PAGE, text);
else if (await Deno.readTextFile(PAGE) !== text) {
  console.error("docs/diagnostics.md is stale");
  Deno.exit(1);
}
