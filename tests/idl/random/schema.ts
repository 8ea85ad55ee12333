/**
 * Schemas that are valid and otherwise whatever a seed says: what they consist of, apart from how the
 * language spells it (`source.ts`) and from what the compiler makes of it.
 *
 * @module
 */
import type { NumberKind } from "../../../idl/builtin.ts";

/** A number. */
export interface NumberShape {
  readonly kind: "number";
  readonly number: NumberKind;
}

/** An array. */
export interface ArrayShape {
  readonly kind: "array";
  readonly item: Slot;
  /** How many items it always has, if it does. */
  readonly size: number | undefined;
}

/** A map. */
export interface MapShape {
  readonly kind: "map";
  readonly key: Slot;
  readonly value: Slot;
}

/** Something that has a definition. */
export interface DefinedShape {
  readonly kind: "defined";
  readonly to: ValueDefinition;
}

/** A type. */
export type Shape =
  | { readonly kind: "bool" | "string" | "bytes" | "pipe" }
  | NumberShape
  | ArrayShape
  | MapShape
  | DefinedShape;

/** A type and whether a value may be missing. */
export interface Slot {
  readonly shape: Shape;
  readonly optional: boolean;
}

/** What attributes demand of a value. */
export interface Demands {
  readonly min?: number | bigint | undefined;
  readonly max?: number | bigint | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  /** Matches one to six small letters. */
  readonly pattern?: string | undefined;
  readonly jsNumber?: boolean | undefined;
}

/** A field, a parameter, a value of a reply, a member of a union. */
export interface Member extends Slot {
  readonly name: string;
  readonly demands: Demands;
  readonly minVersion: number;
  /** What stands behind `=`, and what it means. */
  readonly default?: { readonly text: string; readonly value: unknown } | undefined;
}

/** A struct. */
export interface StructDefinition {
  readonly kind: "struct";
  readonly name: string;
  readonly fields: Member[];
  /** Enums that are defined inside of it. */
  readonly nested: EnumDefinition[];
}

/** A union. */
export interface UnionDefinition {
  readonly kind: "union";
  readonly name: string;
  readonly members: Member[];
  /** The member that stands for unknown ones, when it is extensible. */
  readonly fallback: string | undefined;
}

/** An enum. */
export interface EnumDefinition {
  readonly kind: "enum";
  /** With that of the struct around it. */
  readonly name: string;
  readonly values: { readonly name: string; readonly value: number }[];
  /** The value that stands for unknown ones, when it is extensible. */
  readonly fallback: string | undefined;
}

/** Bits. */
export interface BitsDefinition {
  readonly kind: "bits";
  readonly name: string;
  readonly base: "u8" | "u16" | "u32" | "u64";
  readonly values: { readonly name: string; readonly value: bigint }[];
  readonly isExtensible: boolean;
}

/** Another name for a type. */
export interface AliasDefinition {
  readonly kind: "alias";
  readonly name: string;
  readonly slot: Slot;
  readonly demands: Demands;
}

/** What a value can be of. */
export type ValueDefinition =
  | StructDefinition
  | UnionDefinition
  | EnumDefinition
  | BitsDefinition
  | AliasDefinition;

/** What a method answers. */
export type ReplyShape =
  | { readonly kind: "values"; readonly values: Member[] }
  | {
    readonly kind: "result";
    readonly ok: Slot | Member[];
    readonly error: Slot;
  }
  | { readonly kind: "stream"; readonly item: Slot };

/** A method, or an event. */
export interface MethodShape {
  readonly name: string;
  /** What it was called, in the versions before. */
  readonly renamedFrom?: string | undefined;
  readonly parameters: Member[];
  readonly reply: ReplyShape | undefined;
}

/** An interface. */
export interface InterfaceDefinition {
  readonly kind: "interface";
  readonly name: string;
  readonly methods: MethodShape[];
  readonly events: MethodShape[];
}

/** A file. */
export interface ModuleShape {
  /** What it is called, without `.magen`. */
  readonly file: string;
  /** What `module` says. */
  readonly name: string;
  /** In the order of the source. */
  readonly definitions: (ValueDefinition | InterfaceDefinition)[];
}

/** Files, of which each imports those before it. */
export interface Schema {
  readonly modules: ModuleShape[];
}

/** All definitions of `schema`, with the enums that are inside of structs. */
export function definitionsOf(
  schema: Schema,
): Map<string, ValueDefinition | InterfaceDefinition> {
  const all = new Map<string, ValueDefinition | InterfaceDefinition>();
  for (const { definitions } of schema.modules) {
    for (const definition of definitions) {
      all.set(definition.name, definition);
      if (definition.kind !== "struct") continue;
      for (const nested of definition.nested) all.set(nested.name, nested);
    }
  }
  return all;
}

/** A slot without aliases, and what all of them and the member that it may be demand. */
export function resolve(
  slot: Slot,
  demands: Demands = (slot as Partial<Member>).demands ?? {},
): {
  readonly shape: Exclude<Shape, DefinedShape> | {
    readonly kind: "defined";
    readonly to: Exclude<ValueDefinition, AliasDefinition>;
  };
  readonly optional: boolean;
  readonly demands: Demands;
} {
  const { shape } = slot;
  if (shape.kind !== "defined" || shape.to.kind !== "alias") {
    return { shape: shape as never, optional: slot.optional, demands };
  }
  const inner = resolve(shape.to.slot, { ...shape.to.demands, ...demands });
  return { ...inner, optional: slot.optional || inner.optional };
}

/** Whether arrays of it are typed arrays. */
export function isNumeric(item: Slot): boolean {
  const { shape, optional, demands } = resolve(item);
  return shape.kind === "number" && !optional && demands.jsNumber !== true;
}
