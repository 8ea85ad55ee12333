/**
 * What the checks of one file share.
 *
 * @module
 */
import { type AttributeReader, type Attributes, textOf } from "./attributes.ts";
import type { BoundsReader } from "./bounds.ts";
import type { DeclarationIndex } from "./declaration.ts";
import type { DiagnosticList } from "../diagnostic.ts";
import { plainText } from "../syntax/docs.ts";
import type { Definition, Field, Struct } from "./model.ts";
import type { NameClaims } from "./name_claims.ts";
import type { NameLookup } from "./name_lookup.ts";
import type { ConstantResolver } from "./resolve_constant.ts";
import type { TypeResolver } from "./resolve_type.ts";
import type { Span } from "../syntax/token.ts";

/** A `default` that stands for a struct, to be looked at once all structs are known. */
export interface StructDefault {
  readonly struct: Struct;
  readonly span: Span;
}

/** What the checks of one file share. */
export interface FileContext {
  readonly diagnostics: DiagnosticList;
  /** Whether the whole text was understood, so that what is not there was not written either. */
  readonly isComplete: boolean;
  readonly names: NameLookup;
  readonly attributes: AttributeReader;
  readonly types: TypeResolver;
  readonly constants: ConstantResolver;
  readonly bounds: BoundsReader;
  /** The names that the generated file exports. */
  readonly exports: NameClaims;
  readonly index: DeclarationIndex;
  /** Definitions of the whole program that hold a handle. */
  readonly resources: Set<Definition>;
  /** Where fields are, for what is found out about them later. */
  readonly spans: Map<Field, Span>;
  readonly structDefaults: StructDefault[];
  /** Fields with an error in their type or default. */
  readonly unresolved: Set<Field>;
}

/** The largest number a version may have. */
const MAX_VERSION = 0x7fff_ffffn;

/** `[MinVersion]`, or 0 without; undefined when it is wrong. */
export function minVersionOf(
  { constants }: FileContext,
  attributes: Attributes,
  owner: string,
): number | undefined {
  const node = attributes.get("MinVersion")?.values[0];
  return node === undefined ? 0 : constants.integerWithin(node, owner, 0n, MAX_VERSION);
}

/** `[Deprecated]` as a property, when it is there. */
export function deprecatedOf(attributes: Attributes): { deprecated?: string } {
  const attribute = attributes.get("Deprecated");
  if (attribute === undefined) return {};
  return { deprecated: plainText(textOf(attribute)) };
}
