/**
 * Sources that the compiler reads: whatever is in them, it finds words for it, and never more than a
 * few.
 *
 * @module
 */
import {
  type Diagnostic,
  DiagnosticList,
  DiagnosticPrinter,
  MAX_DIAGNOSTICS,
} from "../../../idl/diagnostic.ts";
import { tokenize } from "../../../idl/syntax/lexer.ts";
import { analyze } from "../../../idl/mod.ts";
import { parse } from "../../../idl/syntax/parser.ts";
import { sourceOf } from "../../../idl/syntax/token.ts";
import type { Random } from "../../sim/random.ts";
import { insist, type Tally, type Target } from "../campaign.ts";
import { SourceMutator } from "../source_mutator.ts";

const ROUND = 1024;
/** Errors and warnings that are kept, and a line for the rest of each. */
const MOST_FINDINGS = 2 * (MAX_DIAGNOSTICS + 1);

/** `tokenize`. */
export const lexerTarget: Target = {
  name: "lexer",
  round(random: Random, tally: Tally): void {
    const mutator = new SourceMutator(random);
    for (let i = 0; i < ROUND; i++) {
      const source = mutator.source(), diagnostics = new DiagnosticList();
      tally.begin();
      const tokens = tokenize(source, diagnostics);
      const found = diagnostics.sorted();
      tally.done(found[0]?.code ?? null);
      insist(found.length <= MOST_FINDINGS, `${found.length} findings`);
      insist(sourceOf(tokens) === source, "the tokens are not the source");
      insist(tokens.at(-1)!.kind === "end", "the last token is not the end");
      let at = 0;
      for (const { start, end, text } of tokens) {
        insist(
          start.offset >= at && end.offset === start.offset + text.length,
          "a place",
        );
        at = end.offset;
      }
    }
  },
};

/** `parse`, and what prints findings. */
export const parserTarget: Target = {
  name: "parser",
  round(random: Random, tally: Tally): void {
    const mutator = new SourceMutator(random);
    for (let i = 0; i < ROUND; i++) {
      const source = mutator.source(), diagnostics = new DiagnosticList();
      tally.begin();
      parse(tokenize(source, diagnostics), diagnostics);
      const found = diagnostics.sorted();
      tally.done(ruleOf(found));
      insistSound(found, source);
      if (!random.oneIn(32)) continue;
      const printer = new DiagnosticPrinter("fuzz.magen", source);
      for (const diagnostic of found) printer.print(diagnostic);
    }
  },
};

/** `analyze`: everything up to the checker. */
export const checkerTarget: Target = {
  name: "checker",
  round(random: Random, tally: Tally): void {
    const mutator = new SourceMutator(random);
    for (let i = 0; i < ROUND; i++) {
      const source = mutator.source();
      tally.begin();
      const { diagnostics, module } = analyze(source, { path: "fuzz.magen" });
      const rule = ruleOf(diagnostics);
      tally.done(rule);
      insistSound(diagnostics, source);
      insist((module === undefined) === (rule !== null), "an error, or a meaning");
    }
  },
};

/** The first error. */
function ruleOf(found: readonly Diagnostic[]): string | null {
  return found.find(({ severity }) => severity === "error")?.code ?? null;
}

function insistSound(found: readonly Diagnostic[], { length }: string): void {
  insist(found.length <= MOST_FINDINGS, `${found.length} findings`);
  for (const { span: { start, end } } of found) {
    insist(start.offset <= end.offset && end.offset <= length, "a place");
  }
}
