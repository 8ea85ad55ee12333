/**
 * What the compiler finds in a source, in the forms that tests compare.
 *
 * @module
 */
import { analyze, type Module, printDiagnostics } from "../../idl/mod.ts";

/** Codes with severity, such as `E0205` and `W0101`, in the order of the source. */
export function codesOf(source: string): string[] {
  return analyze(source, { path: "a.magen" }).diagnostics.map(({ code, severity }) =>
    `${severity === "error" ? "E" : "W"}${code.slice(2)}`
  );
}

/** The findings as people see them. */
export function printed(source: string, path = "a.magen"): string {
  return printDiagnostics(source, analyze(source, { path }));
}

/** The meaning of a source without errors. */
export function moduleOf(source: string): Module {
  const analysis = analyze(source, { path: "a.magen" });
  if (analysis.module === undefined) throw new Error(printDiagnostics(source, analysis));
  return analysis.module;
}

/** The methods of a source without errors as lines such as `A.M(i32 a, string? b) => (bool c)`. */
export function shapeOf(source: string): string[] {
  return moduleOf(source).definitions.flatMap(({ name, methods }) =>
    methods.map((method) => {
      const reply = method.reply === undefined ? "" : ` => (${fieldsText(method.reply)})`;
      return `${name}.${method.name}(${fieldsText(method.parameters)})${reply}`;
    })
  );
}

type Value = Module["definitions"][number]["methods"][number]["parameters"][number];

function fieldsText(fields: readonly Value[]): string {
  return fields.map((field) => `${valueText(field)} ${field.name}`).join(", ");
}

function valueText({ type, optional }: Pick<Value, "type" | "optional">): string {
  const text = type.kind === "array" ? `array<${valueText(type.item)}>` : type.kind;
  return optional ? `${text}?` : text;
}
