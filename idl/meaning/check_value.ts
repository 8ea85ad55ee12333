/**
 * Checks constants, features and aliases.
 *
 * @module
 */
import { outsideOf } from "./bounds.ts";
import { isNumber } from "../builtin.ts";
import type {
  AliasDeclaration,
  ConstDeclaration,
  FeatureDeclaration,
} from "./declaration.ts";
import { docsOf } from "../syntax/docs.ts";
import type { FileContext } from "./file_context.ts";
import type { Constant, Type } from "./model.ts";
import { NameClaims } from "./name_claims.ts";
import { keyName } from "./naming.ts";
import type { ConstNode } from "../syntax/tree.ts";
import { describeType } from "./type_name.ts";

/** Fills in a constant. Returns whether it means something. */
export function checkConst(context: FileContext, declaration: ConstDeclaration): boolean {
  const { node, definition, owner } = declaration;
  const found = constantOf(context, node, owner);
  if (found === undefined) return false;
  definition.type = found.type;
  definition.value = found.value;
  return true;
}

/** Fills in a feature. */
export function checkFeature(
  context: FileContext,
  { node, definition, name: owner }: FeatureDeclaration,
): void {
  const claims = new NameClaims(context.diagnostics);
  definition.constants = context.attributes.enabled(node.constants).flatMap((item) => {
    context.attributes.read(item, "constant");
    const { text: name } = item.name;
    const tsName = claims.chosen(keyName(name), item.name);
    const taken = `'${owner}' has a constant '${name}' already; give it another name`;
    claims.declare(name, item.name, "MG0301", taken);
    const found = constantOf(context, item, "");
    return found === undefined
      ? []
      : [{ tsName, docs: docsOf(item.first), value: found.value }];
  });
}

function constantOf(
  { diagnostics, types, constants }: FileContext,
  node: ConstNode,
  owner: string,
): { type: Type; value: Constant } | undefined {
  const resolved = types.resolve(node.type, owner);
  if (resolved === undefined) return undefined;
  const { type, optional } = resolved;
  if (optional || !canBeConstant(type)) {
    const what = optional ? "an optional type" : describeType(type);
    const message = `a constant cannot be of ${what}: write a number, bool, string, ` +
      "an enum or bits";
    diagnostics.error("MG0225", node.type, message);
    return undefined;
  }
  const value = constants.constant(node.value, type, owner);
  if (value === undefined) return undefined;
  const why = outsideOf(type, value);
  if (why === undefined) return { type, value };
  const message = `the value is not allowed: ${why}; write one that is`;
  diagnostics.error("MG0211", node.value, message);
  return undefined;
}

function canBeConstant(type: Type): boolean {
  if (type.kind === "defined") {
    return type.definition.kind === "enum" || type.definition.kind === "bits";
  }
  return type.kind === "bool" || type.kind === "string" || isNumber(type.kind);
}

/** Fills in an alias. Returns whether it means something. */
export function checkAlias(context: FileContext, declaration: AliasDeclaration): boolean {
  const { node, definition, attributes, name } = declaration;
  const resolved = context.types.resolve(node.type, "");
  if (resolved === undefined) return false;
  definition.value = context.bounds.apply(resolved, attributes, name);
  return true;
}
