/**
 * Checks structs and unions.
 *
 * @module
 */
import { type Attributes, textOf } from "./attributes.ts";
import { outsideOf } from "./bounds.ts";
import { isInteger } from "../builtin.ts";
import { type CheckedField, checkFields, highestVersion } from "./check_fields.ts";
import type { StructDeclaration, UnionDeclaration } from "./declaration.ts";
import type { FileContext } from "./file_context.ts";
import type { Type, TypeMap } from "./model.ts";
import { memberName } from "./naming.ts";
import type { FieldNode } from "../syntax/tree.ts";

/** Fills in a struct. */
export function checkStruct(context: FileContext, declaration: StructDeclaration): void {
  const { node, definition, name, span, attributes, isNew } = declaration;
  if (node.items === undefined) {
    const message = `struct '${name}' has no fields: what is native to C++ is unknown ` +
      "here; write them in '{}'";
    context.diagnostics.error("MG0220", span, message);
    return;
  }
  const nodes = node.items.filter((item): item is FieldNode => item.kind === "field");
  const checked = checkFields(context, nodes, "field", name);
  definition.fields = checked.map(({ field }) => field);
  definition.version = highestVersion(checked);
  const typeMap = typeMapOf(context, attributes);
  if (typeMap !== undefined) definition.typeMap = typeMap;
  if (!isNew) return;
  const { tsName } = definition;
  if (checked.some(({ field }) => field.default !== undefined)) {
    context.exports.claim(`${tsName}Defaults`, `the defaults of '${name}'`, span);
  }
  claimWire(context, declaration);
}

/** Fills in a union. */
export function checkUnion(context: FileContext, declaration: UnionDeclaration): void {
  const { node, definition, name, span, attributes } = declaration;
  const checked = checkFields(context, node.members, "member", name);
  definition.members = checked.map(({ field }) => field);
  const typeMap = typeMapOf(context, attributes);
  if (typeMap !== undefined) definition.typeMap = typeMap;
  if (declaration.isNew) claimWire(context, declaration);
  if (!context.isComplete) return;
  if (checked.length === 0) {
    const message = `union '${name}' has no members, so that none could be sent; add one`;
    context.diagnostics.error("MG0221", span, message);
    return;
  }
  checkDefault(context, declaration, checked);
}

function checkDefault(
  { diagnostics }: FileContext,
  { attributes, name, span, definition, node }: UnionDeclaration,
  checked: readonly CheckedField[],
): void {
  const [first, second] = checked.filter((member) => member.attributes.has("Default"));
  if (second !== undefined) {
    const message = `'${name}' has a [Default] already; remove this one`;
    diagnostics.error("MG0319", second.span, message, {
      message: "the first one",
      span: first!.span,
    });
    return;
  }
  if (!attributes.has("Extensible")) {
    if (first === undefined || attributes.size !== node.attributes.length) return;
    const message = `[Default] does nothing without [Extensible] on '${name}'; ` +
      "remove it, or add that";
    diagnostics.warning("MG0318", first.span, message);
    return;
  }
  if (first === undefined) {
    // One that is misspelt has been reported.
    if (!checked.every(({ isRead }) => isRead)) return;
    const message = `[Extensible] union '${name}' needs a [Default]: write it before ` +
      "the member that unknown ones become, which is optional or an integer";
    diagnostics.error("MG0404", span, message);
    return;
  }
  definition.defaultMember = first.field;
  if (!first.hasType || first.field.optional || isZeroAllowed(first.field.type)) return;
  const message =
    `the [Default] of '${name}' stands for members which are not known, so ` +
    "it has to be optional, or an integer that may be 0: write a '?' behind its type";
  diagnostics.error("MG0404", first.span, message);
}

function isZeroAllowed(type: Type): boolean {
  if (!isInteger(type.kind)) return false;
  const isBig = (type.kind === "i64" || type.kind === "u64") && !type.jsNumber;
  return outsideOf(
    type,
    isBig ? { kind: "bigint", value: 0n } : { kind: "number", value: 0 },
  ) === undefined;
}

/** Modules are named in one line of source: neither quotes nor line ends are of use there. */
const SPECIFIER = /^[^\s"'`\\\p{Cc}\p{Bidi_Control}]+$/u;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

function typeMapOf(
  { diagnostics }: FileContext,
  attributes: Attributes,
): TypeMap | undefined {
  const attribute = attributes.get("TypeMap");
  if (attribute === undefined) return undefined;
  const text = textOf(attribute);
  const hash = text.lastIndexOf("#");
  const specifier = text.slice(0, Math.max(hash, 0));
  const name = text.slice(hash + 1);
  const isName = NAME.test(name) && memberName(name).taken === undefined;
  if (isName && SPECIFIER.test(specifier)) return { specifier, name };
  const message = "[TypeMap] takes a module and the name of what it exports: write " +
    '[TypeMap="./url.ts#UrlMap"]';
  diagnostics.error("MG0312", attribute, message);
  return undefined;
}

function claimWire(
  { exports }: FileContext,
  { definition, name, span }: StructDeclaration | UnionDeclaration,
): void {
  if (definition.typeMap === undefined) return;
  exports.claim(`${definition.tsName}_Wire`, `the plain form of '${name}'`, span);
}
