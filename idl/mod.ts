/**
 * The `.magen` compiler as a library: interface definitions in, TypeScript out.
 *
 * Nothing here reads or writes files; `idl/cli` does.
 *
 * @module
 */
import { type Diagnostic, DiagnosticPrinter } from "./diagnostic.ts";
import type { Module } from "./meaning/model.ts";
import { type Analysis, analyzeProgram, type ProgramOptions } from "./meaning/program.ts";
import { normalPath } from "./meaning/source_path.ts";

export type {
  Diagnostic,
  DiagnosticCode,
  DiagnosticNote,
  Severity,
} from "./diagnostic.ts";
export { diagnosticJson } from "./diagnostic.ts";
export type { BuiltinKind, IntegerKind, NumberKind } from "./builtin.ts";
export type {
  Alias,
  ArrayType,
  Bits,
  Bounded,
  Bounds,
  BuiltinType,
  Const,
  Constant,
  DefinedType,
  Definition,
  Enum,
  EnumValue,
  Event,
  Feature,
  Field,
  HandleKind,
  HandleType,
  Interface,
  MapType,
  Method,
  Module,
  Named,
  Origin,
  PendingType,
  Reply,
  ResultReply,
  StreamReply,
  StreamType,
  Struct,
  Type,
  TypeMap,
  Union,
  Value,
  ValuesReply,
} from "./meaning/model.ts";
export {
  type Analysis,
  analyzeProgram,
  type ImportedPath,
  MAX_SOURCE_UNITS,
  type Program,
  type ProgramFile,
  type ProgramHost,
  type ProgramOptions,
} from "./meaning/program.ts";
export type { Position, Span } from "./syntax/token.ts";

/** How to compile. */
export interface CompileOptions extends ProgramOptions {
  /** What to call the source in messages and in the output. Imports are relative to it. */
  readonly path: string;
  /** The text of an imported file; undefined when there is none. Without it, no import is found. */
  readonly read?: ((path: string) => string | undefined) | undefined;
}

/** What a source becomes. */
export interface Compilation extends Analysis {
  /** The TypeScript file. Missing when there is an error. */
  readonly output?: string | undefined;
}

/** Checks a source without generating anything. Quick to start: ts-morph is not loaded. */
export function analyze(source: string, options: CompileOptions): Analysis {
  const { path, read } = options;
  const own = normalPath(path);
  const host = { read: (other: string) => other === own ? source : read?.(other) };
  const { files } = analyzeProgram([own], host, options);
  const { diagnostics, module, imports } = files.get(own)!;
  if (module !== undefined) return { path, diagnostics, module };
  if (diagnostics.some(({ severity }) => severity === "error")) {
    return { path, diagnostics };
  }
  // Nothing is wrong here: whoever sees only this file has to be told what is.
  const broken = imports.find((it) => files.get(it.path)?.module === undefined);
  if (broken === undefined) return { path, diagnostics };
  const { diagnostics: others } = files.get(broken.path)!;
  const first = others.find(({ severity }) => severity === "error");
  const why = first === undefined ? "imports a file that has errors" : "has errors";
  const message = `'${broken.path}' ${why}; mend them first` +
    (first === undefined ? "" : `: ${first.message}`);
  const { span } = broken;
  const found: Diagnostic = {
    code: "MG0010",
    severity: "error",
    message,
    span,
    notes: [],
  };
  return { path, diagnostics: [...diagnostics, found] };
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
  return { ...analysis, output: await generateTypeScript(analysis.module) };
}

/** How to generate. */
export interface GenerateOptions {
  /** Where the file generated from a source goes. Default: beside it, with `.ts` behind its name. */
  readonly outputPath?: ((sourcePath: string) => string) | undefined;
}

/** The TypeScript file that a checked source becomes. Its imports go from output to output. */
export async function generateTypeScript(
  module: Module,
  options: GenerateOptions = {},
): Promise<string> {
  const { emitTypeScript } = await import("./typescript/emit_typescript.ts");
  const { generate } = await import("./typescript/generate.ts");
  return generate(emitTypeScript(module, options));
}

/** The file of zod schemas for the types of a checked source. It imports the TypeScript file. */
export async function generateZod(
  module: Module,
  options: GenerateOptions = {},
): Promise<string> {
  const { emitZod } = await import("./zod/emit_zod.ts");
  return emitZod(module, options);
}

/** The diagnostics as text, each with its source line, or an empty string. */
export function printDiagnostics(source: string, analysis: Analysis): string {
  if (analysis.diagnostics.length === 0) return "";
  const printer = new DiagnosticPrinter(analysis.path, source);
  return analysis.diagnostics.map((diagnostic) => printer.print(diagnostic)).join("\n") +
    "\n";
}
