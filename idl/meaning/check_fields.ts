/**
 * Checks lists of named values: fields of a struct, members of a union, parameters, values of a reply.
 *
 * @module
 */
import type { Place } from "./attribute_table.ts";
import type { Attributes } from "./attributes.ts";
import { outsideOf } from "./bounds.ts";
import type { Draft } from "./declaration.ts";
import { docsOf } from "../syntax/docs.ts";
import { deprecatedOf, type FileContext, minVersionOf } from "./file_context.ts";
import type { Constant, Enum, Field, Type, Value } from "./model.ts";
import { NameClaims } from "./name_claims.ts";
import { memberName, memberTag } from "./naming.ts";
import { type Numbered, ordered } from "./ordinals.ts";
import type { Span, Token } from "../syntax/token.ts";
import type { FieldNode } from "../syntax/tree.ts";

/** What a list of fields is a list of. */
export type FieldPlace = Extract<Place, "parameter" | "reply value" | "field" | "member">;

/** A field, and where it comes from. */
export interface CheckedField extends Numbered {
  readonly field: Field;
  readonly attributes: Attributes;
  /** Whether nothing is wrong with its attributes. */
  readonly isRead: boolean;
  /** Whether nothing is wrong with what may say which version it came with. */
  readonly hasVersion: boolean;
  /** Whether its type stands for something. */
  readonly hasType: boolean;
}

/** Stands for a type that could not be resolved; such a model is never generated from. */
const UNKNOWN: Value = { type: { kind: "bool" }, optional: false };

/** The fields that `nodes` declare inside of `owner`, in the order of their ordinals. */
export function checkFields(
  context: FileContext,
  nodes: readonly FieldNode[],
  place: FieldPlace,
  owner: string,
): CheckedField[] {
  const claims = new NameClaims(context.diagnostics);
  const checked = context.attributes.enabled(nodes).map((node, index) =>
    checkField(context, node, index, place, owner, claims)
  );
  const fields = ordered(context, checked, place);
  if (place !== "member") checkVersions(context, fields);
  return fields;
}

/** The version that the last of them came with: no other one came later. */
export function highestVersion(checked: readonly CheckedField[]): number {
  return checked.at(-1)?.field.minVersion ?? 0;
}

function checkField(
  context: FileContext,
  node: FieldNode,
  index: number,
  place: FieldPlace,
  owner: string,
  claims: NameClaims,
): CheckedField {
  const { diagnostics } = context;
  const name = node.name?.text ?? `arg${index}`;
  const span: Span = node.name ?? node.type;
  const isNameless = place === "parameter" || place === "reply value";
  if (node.name === undefined && isNameless && node.type.kind !== "error") {
    const message = `${place} has no name, calling it '${name}'; give it one`;
    diagnostics.warning("MG0103", span, message);
  }
  const chosen = place === "member" ? memberTag(name) : memberName(name);
  const tsName = claims.chosen(chosen, span);
  const taken = `${place} '${name}' is already declared; give it another name`;
  if (claims.declare(name, span, "MG0301", taken)) {
    claims.claim(tsName, `'${name}'`, span);
  }
  const attributes = context.attributes.read(node, place);
  const minVersion = minVersionOf(context, attributes, owner);
  const resolved = context.types.resolve(node.type, owner);
  const value = resolved && context.bounds.apply(resolved, attributes, owner);
  const field: Draft<Field> = {
    name,
    tsName,
    docs: docsOf(node.first),
    minVersion: minVersion ?? 0,
    ...deprecatedOf(attributes),
    ...value ?? UNKNOWN,
  };
  context.spans.set(field, span);
  const initial = value && initialOf(context, node, value, owner);
  if (initial !== undefined) field.default = initial;
  const ordinal: Token | undefined = node.ordinal;
  // A default that is wrong still is one.
  const hasType = value !== undefined &&
    (node.default === undefined || initial !== undefined);
  if (!hasType) context.unresolved.add(field);
  const isRead = attributes.size === node.attributes.length;
  // A misspelt attribute may have been meant as the version.
  const hasVersion = minVersion !== undefined && (attributes.has("MinVersion") || isRead);
  return { field, attributes, span, ordinal, hasType, isRead, hasVersion };
}

function initialOf(
  { diagnostics, constants, structDefaults }: FileContext,
  node: FieldNode,
  value: Value,
  owner: string,
): Constant | undefined {
  if (node.default === undefined) return undefined;
  const constant = constants.constant(node.default, value.type, owner);
  if (constant === undefined) return undefined;
  const why = outsideOf(value.type, constant);
  if (why !== undefined) {
    const message = `the default is not allowed: ${why}; write one that is`;
    diagnostics.error("MG0211", node.default, message);
  }
  if (constant.kind === "struct") {
    structDefaults.push({ struct: constant.definition, span: node.default });
  }
  if (value.optional) {
    const message =
      "with a default a value is never missing; remove the '?' or the default";
    diagnostics.warning("MG0218", node.default, message);
  }
  return constant;
}

/** Versions only go up, and what came later can be missing. */
function checkVersions(
  { diagnostics, index, isComplete }: FileContext,
  fields: readonly CheckedField[],
): void {
  let highest = 0;
  let before: CheckedField | undefined;
  // One field that came too early puts all behind it out of order.
  let isReported = false;
  for (const checked of fields) {
    if (!checked.hasVersion) continue;
    const { field, attributes, span } = checked;
    const version = field.minVersion;
    if (version < highest && isReported) continue;
    if (version < highest) {
      isReported = true;
      const place = attributes.get("MinVersion") ?? span;
      const message = attributes.has("MinVersion")
        ? `[MinVersion=${version}] is lower than the [MinVersion=${highest}] of ` +
          `'${before!.field.name}'; append later fields at the end`
        : `'${field.name}' has no [MinVersion], but '${before!.field.name}' before it ` +
          `came with version ${highest}; append later fields at the end`;
      diagnostics.error("MG0401", place, message, {
        message: "this one came later",
        span: before!.span,
      });
    } else {
      highest = version;
      before = checked;
    }
    if (version === 0 || !checked.hasType || field.optional || field.default) continue;
    // A default that could not be read is not there either.
    if (!isComplete) continue;
    const why = whyNeverMissing(field.type, index);
    if (why === undefined) continue;
    const message = `'${field.name}' was added in version ${version}${why}, so it must ` +
      "be optional ('?' behind the type) or have a default";
    diagnostics.error("MG0402", span, message);
  }
}

/** Why nothing stands for a missing value of `type`; undefined when something does. */
function whyNeverMissing(
  type: Type,
  index: FileContext["index"],
): string | undefined {
  if (type.kind === "defined") {
    const { definition } = type;
    if (definition.kind === "bits") return undefined;
    if (definition.kind !== "enum") return "";
    // Its values may not be known yet, but whether it has them is only known once they are.
    const declaration = index.get(definition);
    if (declaration?.kind !== "enum" || declaration.state !== "done") return undefined;
    return hasZero(definition) ? undefined : ` and '${definition.name}' has no value 0`;
  }
  const zero = zeroOf(type);
  if (zero === undefined) return "";
  const why = outsideOf(type, zero);
  return why === undefined ? undefined : `, and for what it is when missing, ${why}`;
}

const WITH_ZERO = new WeakMap<Enum, boolean>();

/** Whether a value of the enum is 0. Looked up, since many fields may be of one large enum. */
function hasZero(definition: Enum): boolean {
  const known = WITH_ZERO.get(definition) ??
    definition.values.some(({ value }) => value === 0);
  WITH_ZERO.set(definition, known);
  return known;
}

/** What stands for a missing value of a built-in type. */
function zeroOf(type: Type): Constant | undefined {
  switch (type.kind) {
    case "bool":
      return { kind: "bool", value: false };
    case "string":
      return { kind: "string", value: "" };
    case "i64":
    case "u64":
      return type.jsNumber ? { kind: "number", value: 0 } : { kind: "bigint", value: 0n };
    case "bytes":
    case "array":
    case "map":
    case "stream":
    case "handle":
    case "pending":
    case "defined":
      return undefined;
    default:
      return { kind: "number", value: 0 };
  }
}
