/**
 * The `.magen` compiler as a library: interface definitions in, TypeScript out.
 *
 * Nothing here reads or writes files; `idl/cli` does.
 *
 * @module
 */
import { check } from "./check.ts";
import { type Diagnostic, DiagnosticList, DiagnosticPrinter } from "./diagnostic.ts";
import { tokenize } from "./lexer.ts";
import type { Module } from "./model.ts";
import { parse } from "./parser.ts";

export type {
  Diagnostic,
  DiagnosticCode,
  DiagnosticNote,
  Severity,
} from "./diagnostic.ts";
export type { BuiltinKind, NumberKind } from "./builtin.ts";
export type {
  ArrayType,
  BuiltinType,
  Definition,
  Field,
  Interface,
  Method,
  Module,
  Type,
  Value,
} from "./model.ts";
export type { Position, Span } from "./token.ts";

/** The longest source that is looked at, in UTF-16 units. */
export const MAX_SOURCE_UNITS: number = 4 * 1024 * 1024;

/** How to compile. */
export interface CompileOptions {
  /** What to call the source in messages and in the output. Nothing is read from it. */
  readonly path: string;
}

/** What a source means. */
export interface Analysis {
  /** What the source is called. */
  readonly path: string;
  /** In the order of the source. */
  readonly diagnostics: readonly Diagnostic[];
  /** Missing when there is an error. */
  readonly module?: Module | undefined;
}

/** What a source becomes. */
export interface Compilation extends Analysis {
  /** The TypeScript file. Missing when there is an error. */
  readonly output?: string | undefined;
}

/** Checks a source without generating anything. Quick to start: ts-morph is not loaded. */
export function analyze(source: string, { path }: CompileOptions): Analysis {
  const diagnostics = new DiagnosticList();
  if (source.length > MAX_SOURCE_UNITS) {
    const start = { offset: 0, line: 1, column: 1 };
    const message = `the file is longer than ${MAX_SOURCE_UNITS} characters`;
    diagnostics.error("MG0011", { start, end: start }, message);
    return { path, diagnostics: diagnostics.sorted() };
  }
  const file = parse(tokenize(source, diagnostics), diagnostics);
  const module = check(file, path.replace(/^.*[/\\]/s, ""), diagnostics);
  const found = diagnostics.sorted();
  return diagnostics.hasErrors
    ? { path, diagnostics: found }
    : { path, diagnostics: found, module };
}

/**
 * Compiles a source. Never throws because of what is in it.
 *
 * ```ts
 * import { compile, printDiagnostics } from "@mage/ipc/idl";
 *
 * const source = "interface Greeter { Greet(string name) => (string text); }";
 * const result = await compile(source, { path: "greeter.magen" });
 * if (result.output === undefined) console.error(printDiagnostics(source, result));
 * ```
 */
export async function compile(
  source: string,
  options: CompileOptions,
): Promise<Compilation> {
  const analysis = analyze(source, options);
  if (analysis.module === undefined) return analysis;
  const { emitTypeScript } = await import("./emit_typescript.ts");
  const { generate } = await import("./generate.ts");
  return { ...analysis, output: generate(emitTypeScript(analysis.module)) };
}

/** The diagnostics as text, each with its source line, or an empty string. */
export function printDiagnostics(source: string, analysis: Analysis): string {
  if (analysis.diagnostics.length === 0) return "";
  const printer = new DiagnosticPrinter(analysis.path, source);
  return analysis.diagnostics.map((diagnostic) => printer.print(diagnostic)).join("\n") +
    "\n";
}
