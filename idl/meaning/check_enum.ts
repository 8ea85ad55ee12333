/**
 * Checks enums and bits.
 *
 * @module
 */
import {
  builtinName,
  builtinOf,
  type IntegerKind,
  integerRange,
  isInteger,
} from "../builtin.ts";
import type { BitsDeclaration, EnumDeclaration } from "./declaration.ts";
import { docsOf } from "../syntax/docs.ts";
import { deprecatedOf, type FileContext, minVersionOf } from "./file_context.ts";
import type { EnumValue } from "./model.ts";
import { NameClaims } from "./name_claims.ts";
import { valueName } from "./naming.ts";
import { rangeText } from "./number_text.ts";
import type { EnumValueNode, NameNode } from "../syntax/tree.ts";

const INT32 = integerRange("i32");

/** Fills in an enum. Returns whether it means something. */
export function checkEnum(context: FileContext, declaration: EnumDeclaration): boolean {
  const { node, definition, values } = declaration;
  if (!hasValues(context, declaration)) return false;
  const kind = baseKind(context, node.base, "i32");
  if (kind === undefined) return false;
  const [low, high] = integerRange(kind);
  const range = [low < INT32[0] ? INT32[0] : low, high > INT32[1] ? INT32[1] : high];
  const marked: { value: EnumValue; node: EnumValueNode }[] = [];
  let next: bigint | undefined = 0n;
  const isWhole = eachValue(context, declaration, (part, value, isDefault) => {
    const number: bigint | undefined = value === undefined ? next : value ?? undefined;
    next = number === undefined ? undefined : number + 1n;
    if (number === undefined) return false;
    if (number < range[0]! || number > range[1]!) {
      const type = kind === "i32" ? "an enum" : `an enum of ${builtinName(kind)}`;
      const message = `${number} is out of range for ${type} ` +
        `(${rangeText(range[0]!, range[1]!)}); write a number in it`;
      context.diagnostics.error("MG0211", part.node.value ?? part.node.name, message);
      return false;
    }
    const known: EnumValue = { ...part.rest, value: Number(number) };
    values.set(known.name, known);
    if (isDefault) marked.push({ value: known, node: part.node });
    return true;
  });
  definition.values = [...values.values()];
  checkDefault(context, declaration, marked, isWhole);
  return isWhole;
}

function checkDefault(
  { diagnostics, isComplete }: FileContext,
  { attributes, span, name, definition, node }: EnumDeclaration,
  marked: readonly { value: EnumValue; node: EnumValueNode }[],
  isWhole: boolean,
): void {
  const extensible = attributes.get("Extensible");
  const [first, second] = marked;
  if (second !== undefined) {
    const message = `'${name}' has a [Default] already; remove this one`;
    diagnostics.error("MG0319", second.node.name, message, {
      message: "the first one",
      span: first!.node.name,
    });
    return;
  }
  if (extensible === undefined) {
    if (first !== undefined && attributes.size === node.attributes.length) {
      const message = `[Default] does nothing without [Extensible] on '${name}'; ` +
        "remove it, or add that";
      diagnostics.warning("MG0318", first.node.name, message);
    }
    return;
  }
  if (first === undefined) {
    if (isWhole && isComplete) {
      const message = `[Extensible] enum '${name}' needs a [Default]: write it before ` +
        "the value that stands for those which are not known";
      diagnostics.error("MG0403", span, message);
    }
    return;
  }
  definition.defaultValue = first.value;
}

/** Fills in bits. Returns whether they mean something. */
export function checkBits(context: FileContext, declaration: BitsDeclaration): boolean {
  const { node, definition, values, attributes } = declaration;
  definition.isExtensible = attributes.has("Extensible");
  if (!hasValues(context, declaration)) return false;
  const kind = baseKind(context, node.base, "u32");
  if (kind === undefined) return false;
  if (kind !== "u8" && kind !== "u16" && kind !== "u32" && kind !== "u64") {
    const message = `bits are in an unsigned integer, not in ${builtinName(kind)}; ` +
      "write uint8, uint16, uint32 or uint64";
    context.diagnostics.error("MG0223", node.base!, message);
    return false;
  }
  definition.base = kind;
  const [, high] = integerRange(kind);
  let next: bigint | undefined = 1n;
  const isWhole = eachValue(context, declaration, (part, value) => {
    const number: bigint | undefined = value === undefined ? next : value ?? undefined;
    next = number === undefined ? undefined : above(number);
    if (number === undefined) return false;
    if (number < 0n || number > high) {
      const message = part.node.value === undefined
        ? `there is no bit left in ${builtinName(kind)} for '${part.rest.name}'; ` +
          "use a larger one behind ':'"
        : `${number} is out of range for bits of ${builtinName(kind)} ` +
          `(${rangeText(0n, high)}); write a number in it`;
      context.diagnostics.error("MG0211", part.node.value ?? part.node.name, message);
      return false;
    }
    const known = { ...part.rest, value: kind === "u64" ? number : Number(number) };
    values.set(known.name, known);
    return true;
  });
  definition.values = [...values.values()];
  return isWhole;
}

/** The lowest bit above all those of `mask`. */
function above(mask: bigint): bigint {
  return mask <= 0n ? 1n : 1n << BigInt(mask.toString(2).length);
}

interface ValuePart {
  readonly node: EnumValueNode;
  readonly rest: Omit<EnumValue, "value">;
}

/**
 * Calls `use` for each value with a new name, with the number it spells: undefined without one, null with a
 * wrong one. Returns whether all were used.
 */
function eachValue(
  context: FileContext,
  declaration: EnumDeclaration | BitsDeclaration,
  use: (part: ValuePart, value: bigint | undefined | null, isDefault: boolean) => boolean,
): boolean {
  const place = declaration.kind === "enum" ? "enum value" : "bits value";
  const { name: outer, owner } = declaration;
  const claims = new NameClaims(context.diagnostics);
  let isWhole = true;
  for (const node of context.attributes.enabled(declaration.node.values ?? [])) {
    const { text: name } = node.name;
    const attributes = context.attributes.read(node, place);
    minVersionOf(context, attributes, owner);
    const tsName = claims.chosen(valueName(name), node.name);
    const message = `'${outer}' has a value '${name}' already; give it another name`;
    const isNew = claims.declare(name, node.name, "MG0301", message);
    if (isNew) claims.claim(tsName, `'${name}'`, node.name);
    const value = node.value === undefined
      ? undefined
      : context.constants.integer(node.value, owner, declaration) ?? null;
    const rest = { name, tsName, docs: docsOf(node.first), ...deprecatedOf(attributes) };
    // A misspelt attribute may have been meant as the default.
    if (attributes.size !== node.attributes.length) isWhole = false;
    const isUsed = isNew && use({ node, rest }, value, attributes.has("Default"));
    if (isUsed) continue;
    isWhole = false;
    if (isNew) declaration.failedValues.add(name);
  }
  return isWhole;
}

function hasValues(
  { diagnostics, attributes, isComplete }: FileContext,
  { node, kind, name, span }: EnumDeclaration | BitsDeclaration,
): boolean {
  if (node.values === undefined) {
    const message = `${kind} '${name}' has no values: what is native to C++ is unknown ` +
      "here; write them in '{}'";
    diagnostics.error("MG0220", span, message);
    return false;
  }
  if (attributes.enabled(node.values).length > 0) return true;
  if (!isComplete) return false;
  const message = `${kind} '${name}' has no values, so that none could be sent; add one`;
  diagnostics.error("MG0221", span, message);
  return false;
}

function baseKind(
  { diagnostics }: FileContext,
  base: NameNode | undefined,
  otherwise: IntegerKind,
): IntegerKind | undefined {
  if (base === undefined) return otherwise;
  const kind = builtinOf(base.text);
  if (kind !== undefined && isInteger(kind)) return kind;
  const message = `'${base.text}' is not an integer type; write one, such as ` +
    `${builtinName(otherwise)}`;
  diagnostics.error("MG0223", base, message);
  return undefined;
}
