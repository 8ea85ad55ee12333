/**
 * Turns a checked file into the pieces of a TypeScript file: names, types, bodies.
 *
 * What the pieces look like on the page is decided by `generate.ts`. Nothing here depends on a clock, a
 * folder or the order of a set, so equal sources give equal pieces.
 *
 * @module
 */
import { emitAlias, emitConst, emitFeature } from "./emit_const.ts";
import { emitBits, emitEnum } from "./emit_enum.ts";
import { emitInterface } from "./emit_interface.ts";
import { emitStruct, emitUnion } from "./emit_struct.ts";
import type { EmittedFile, Statement } from "./emitted.ts";
import { type EmitOptions, FileNames } from "./file_names.ts";
import type { Definition, Module } from "../meaning/model.ts";

/** Emits a file. */
export function emitTypeScript(module: Module, options: EmitOptions = {}): EmittedFile {
  const names = new FileNames(module, options);
  const statements = module.definitions.flatMap((node) => emitDefinition(node, names));
  return {
    fileName: module.fileName,
    imports: names.imported(),
    statements: withoutRepeats(statements),
  };
}

/** Leaves out functions that are there already: interfaces share some. */
function withoutRepeats(statements: readonly Statement[]): Statement[] {
  const seen = new Set<string>();
  return statements.filter((statement) => {
    if (statement.kind !== "function") return true;
    const { name } = statement.emitted, isNew = !seen.has(name);
    seen.add(name);
    return isNew;
  });
}

function emitDefinition(node: Definition, names: FileNames): Statement[] {
  switch (node.kind) {
    case "interface":
      return emitInterface(node, names);
    case "struct":
      return emitStruct(node, names);
    case "union":
      return emitUnion(node, names);
    case "enum":
      return emitEnum(node, names);
    case "bits":
      return emitBits(node, names);
    case "const":
      return emitConst(node, names);
    case "feature":
      return emitFeature(node);
    case "alias":
      return emitAlias(node, names);
  }
}
