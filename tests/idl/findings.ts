/**
 * What the compiler finds in a source, in the forms that tests compare.
 *
 * @module
 */
import {
  analyze,
  analyzeProgram,
  type Definition,
  type Module,
  printDiagnostics,
  type Program,
  type Type,
  type Value,
} from "../../idl/mod.ts";

/** Other files that a source can import, by path. */
export type Files = Readonly<Record<string, string>>;

/** Codes with severity, such as `E0205` and `W0101`, in the order of the source. */
export function codesOf(source: string, files: Files = {}): string[] {
  const read = (path: string) => files[path];
  const { diagnostics } = analyze(source, { path: "a.magen", read });
  return diagnostics.map(({ code, severity }) =>
    `${severity === "error" ? "E" : "W"}${code.slice(2)}`
  );
}

/** The findings as people see them. */
export function printed(source: string, path = "a.magen", files: Files = {}): string {
  return printDiagnostics(source, analyze(source, { path, read: (it) => files[it] }));
}

/** The sentences of the findings, each with its code. */
export function messagesOf(source: string, files: Files = {}): string[] {
  const { diagnostics } = analyze(source, { path: "a.magen", read: (it) => files[it] });
  return diagnostics.map(({ code, message }) => `${code} ${message}`);
}

/** The meaning of a source without errors. */
export function moduleOf(
  source: string,
  files: Files = {},
  features: readonly string[] = [],
): Module {
  const options = { path: "a.magen", read: (path: string) => files[path], features };
  const analysis = analyze(source, options);
  if (analysis.module === undefined) throw new Error(printDiagnostics(source, analysis));
  return analysis.module;
}

/** A definition of a source without errors, by its kind and its name. */
export function definitionOf<K extends Definition["kind"]>(
  module: Module | string,
  kind: K,
  name: string,
): Extract<Definition, { kind: K }> {
  const { definitions } = typeof module === "string" ? moduleOf(module) : module;
  const found = definitions.find((it) => it.kind === kind && it.name === name);
  if (found === undefined) throw new Error(`There is no ${kind} ${name}`);
  return found as Extract<Definition, { kind: K }>;
}

/** A program of `files`, of which `paths` are asked for. */
export function programOf(
  files: Files,
  paths: readonly string[],
  roots: readonly string[] = [],
): Program {
  return analyzeProgram(paths, { read: (path) => files[path] }, { roots });
}

/** The findings of each file of a program that has some. */
export function programCodes({ files }: Program): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { path, diagnostics } of files.values()) {
    if (diagnostics.length > 0) found[path] = diagnostics.map(({ code }) => code);
  }
  return found;
}

/** A type as text, bounds included: `array<string{maxLength: 3}?>`. */
export function valueText({ type, optional, alias }: Value): string {
  const name = alias === undefined ? "" : `${alias.name}=`;
  return `${name}${typeText(type)}${optional ? "?" : ""}`;
}

function typeText(type: Type): string {
  switch (type.kind) {
    case "array": {
      const size = type.size === undefined ? "" : `, ${type.size}`;
      return `array<${valueText(type.item)}${size}>${boundsText(type)}`;
    }
    case "map":
      return `map<${valueText(type.key)}, ${valueText(type.value)}>${boundsText(type)}`;
    case "stream":
      return `stream<${valueText(type.item)}>`;
    case "handle":
      return `handle<${type.of}>`;
    case "pending":
      return `${type.pending}<${type.target.fullName}>`;
    case "defined":
      return `${type.definition.kind} ${type.definition.fullName}`;
    default:
      return `${type.kind}${type.jsNumber ? "#" : ""}${boundsText(type)}`;
  }
}

function boundsText(
  { bounds = {} }: Exclude<
    Value["type"],
    { kind: "stream" | "handle" | "pending" | "defined" }
  >,
): string {
  const parts = Object.entries(bounds).map(([name, limit]) => `${name}: ${limit}`);
  return parts.length === 0 ? "" : `{${parts.join(", ")}}`;
}
