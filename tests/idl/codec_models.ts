/**
 * Makes definitions by hand, as the checker would make them of a source.
 *
 * @module
 */
import type { BuiltinKind } from "../../idl/builtin.ts";
import type {
  ArrayType,
  Bits,
  BuiltinType,
  Constant,
  DefinedType,
  Enum,
  EnumValue,
  Field,
  HandleKind,
  HandleType,
  Interface,
  MapType,
  PendingType,
  StreamType,
  Struct,
  Type,
  TypeMap,
  Union,
  Value,
} from "../../idl/meaning/model.ts";

/** A type or a value of it that may be missing. */
export type Given = Type | Value;

/** A value of a type. */
export function valueOf(given: Given): Value {
  return "optional" in given ? given : { type: given, optional: false };
}

/** A value that may be missing. */
export function optional(type: Type): Value {
  return { type, optional: true };
}

/** A built-in type, with bounds and the like. */
export function builtin(kind: BuiltinKind, more: Partial<BuiltinType> = {}): BuiltinType {
  return { ...more, kind };
}

export const bool: BuiltinType = builtin("bool");
export const string: BuiltinType = builtin("string");
export const bytes: BuiltinType = builtin("bytes");
export const i8: BuiltinType = builtin("i8");
export const u8: BuiltinType = builtin("u8");
export const i16: BuiltinType = builtin("i16");
export const u16: BuiltinType = builtin("u16");
export const i32: BuiltinType = builtin("i32");
export const u32: BuiltinType = builtin("u32");
export const i64: BuiltinType = builtin("i64");
export const u64: BuiltinType = builtin("u64");
export const f32: BuiltinType = builtin("f32");
export const f64: BuiltinType = builtin("f64");
/** 64-bit integers that are numbers. */
export const int53: BuiltinType = builtin("i64", { jsNumber: true });
export const uint53: BuiltinType = builtin("u64", { jsNumber: true });

/** An array. */
export function array(
  item: Given,
  size?: number,
  more: Partial<ArrayType> = {},
): ArrayType {
  return { ...more, kind: "array", item: valueOf(item), size };
}

/** A map. */
export function map(key: Type, value: Given, more: Partial<MapType> = {}): MapType {
  return { ...more, kind: "map", key: valueOf(key), value: valueOf(value) };
}

/** A handle. */
export function handle(of: HandleKind = "message_pipe"): HandleType {
  return { kind: "handle", of };
}

/** A stream. */
export function stream(item: Given): StreamType {
  return { kind: "stream", item: valueOf(item) };
}

/** An end of an interface. */
export function pending(end: PendingType["pending"], target: Interface): PendingType {
  return { kind: "pending", pending: end, target };
}

/** A defined type. */
export function of(definition: DefinedType["definition"]): DefinedType {
  return { kind: "defined", definition };
}

/** A field. */
export function field(
  name: string,
  given: Given,
  more: { minVersion?: number; default?: Constant } = {},
): Field {
  return { minVersion: 0, ...more, ...valueOf(given), name, tsName: name, docs: "" };
}

function named(
  name: string,
): Omit<Interface, "kind" | "version" | "isExtensible" | "methods" | "events"> {
  return {
    origin: { path: "test.magen", specifier: undefined },
    name,
    fullName: name,
    tsName: name,
    docs: "",
    isStable: false,
  };
}

/** A struct. */
export function struct(
  name: string,
  fields: readonly Field[],
  typeMap?: TypeMap,
): Struct {
  const version = Math.max(0, ...fields.map((each) => each.minVersion));
  return { ...named(name), kind: "struct", version, fields, typeMap };
}

/** A struct that contains itself: `make` is given it. */
export function recursive(name: string, make: (self: Type) => readonly Field[]): Struct {
  const fields: Field[] = [], made = struct(name, fields);
  fields.push(...make(of(made)));
  return made;
}

/** A union; extensible with a default member. */
export function union(
  name: string,
  members: readonly Field[],
  defaultMember?: string,
  typeMap?: TypeMap,
): Union {
  return {
    ...named(name),
    kind: "union",
    members,
    defaultMember: members.find((each) => each.name === defaultMember),
    typeMap,
  };
}

function values<N>(numbers: Readonly<Record<string, N>>): EnumValue<N>[] {
  return Object.entries(numbers).map(([name, value]) => (
    { name, tsName: name, docs: "", value }
  ));
}

/** An enum; extensible with a default value. */
export function enumOf(
  name: string,
  numbers: Readonly<Record<string, number>>,
  defaultValue?: string,
): Enum {
  const all = values(numbers);
  return {
    ...named(name),
    kind: "enum",
    values: all,
    defaultValue: all.find((each) => each.name === defaultValue),
  };
}

/** Bits. */
export function bitsOf(
  name: string,
  base: Bits["base"],
  numbers: Readonly<Record<string, number | bigint>>,
  isExtensible = false,
): Bits {
  return { ...named(name), kind: "bits", base, isExtensible, values: values(numbers) };
}

/** An interface without methods. */
export function interfaceOf(name: string): Interface {
  return {
    ...named(name),
    kind: "interface",
    version: 0,
    isExtensible: false,
    methods: [],
    events: [],
  };
}
