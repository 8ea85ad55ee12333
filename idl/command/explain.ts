/**
 * What a code means, for whoever has just met it.
 *
 * @module
 */
import { type DiagnosticExplanation, SYNTAX_CODES } from "../diagnostic_codes.ts";
import { MEANING_CODES } from "../diagnostic_codes_checked.ts";
import { analyze, printDiagnostics } from "../mod.ts";

/** Every code, in order. */
export const ALL_CODES: readonly DiagnosticExplanation[] = [
  ...SYNTAX_CODES,
  ...MEANING_CODES,
].sort((a, b) => a.code < b.code ? -1 : 1);

/** What the compiler says of the wrong source of a code. */
export function findingsOf({ wrong, files }: DiagnosticExplanation): string {
  const path = "main.magen";
  const read = (other: string) => other === path ? wrong : files?.[other];
  return printDiagnostics(wrong, analyze(wrong, { path, read }));
}

/** The explanation of a code; undefined when there is none of that name. */
export function explain(code: string): string | undefined {
  const found = ALL_CODES.find((each) => each.code === code.toUpperCase());
  if (found === undefined) return undefined;
  const parts = [
    `${found.code} (${found.severity}): ${found.title}`,
    ...Object.entries(found.files ?? {}).map(([name, text]) => `In ${name}:\n\n${text}`),
    found.wrong,
    findingsOf(found),
    `Mended:\n\n${found.right}`,
  ];
  return parts.map((part) => part.trimEnd()).join("\n\n");
}
