/**
 * Meanings to generate schemas from, without a source.
 *
 * @module
 */
import type {
  Alias,
  ArrayType,
  Bits,
  Bounds,
  BuiltinType,
  Definition,
  Enum,
  Field,
  Interface,
  MapType,
  Method,
  Module,
  Origin,
  Reply,
  Struct,
  Type,
  Union,
  Value,
} from "../../idl/meaning/model.ts";

/** The file that everything here is in. */
const ORIGIN: Origin = { path: "x.magen", specifier: undefined };

function named(name: string, origin = ORIGIN) {
  return {
    origin,
    name,
    fullName: name,
    tsName: name,
    docs: "",
    isStable: false,
  };
}

/** Adds what a built-in type is at most. */
export function builtin(kind: BuiltinType["kind"], bounds?: Bounds): BuiltinType {
  return { kind, bounds };
}

/** A value that is there. */
export function value(type: Type | BuiltinType["kind"]): Value {
  return { type: typeof type === "string" ? builtin(type) : type, optional: false };
}

/** A value that may be missing. */
export function optional(type: Type | BuiltinType["kind"]): Value {
  return { ...value(type), optional: true };
}

/** An array. */
export function arrayOf(item: Value, size?: number, bounds?: Bounds): ArrayType {
  return { kind: "array", item, size, bounds };
}

/** A map. */
export function mapOf(key: Value, item: Value, bounds?: Bounds): MapType {
  return { kind: "map", key, value: item, bounds };
}

/** A use of a definition. */
export function use(definition: Struct | Union | Enum | Bits): Type {
  return { kind: "defined", definition };
}

/** Fields in their order, by name. */
export function fieldsOf(values: Record<string, Value & Partial<Field>>): Field[] {
  return Object.entries(values).map(([name, value]) => ({
    name,
    tsName: name,
    docs: "",
    minVersion: 0,
    ...value,
  }));
}

/** A struct. */
export function struct(
  name: string,
  values: Record<string, Value & Partial<Field>>,
  rest: Partial<Struct> = {},
): Struct {
  return {
    ...named(name),
    kind: "struct",
    version: 0,
    fields: fieldsOf(values),
    ...rest,
  };
}

/** A struct whose fields refer to it. */
export function recursive(
  name: string,
  values: (self: Type) => Record<string, Value>,
): Struct {
  const fields: Field[] = [];
  const node: Struct = { ...named(name), kind: "struct", version: 0, fields };
  fields.push(...fieldsOf(values(use(node))));
  return node;
}

/** A union whose members may refer to it. */
export function union(
  name: string,
  values: (self: Type) => Record<string, Value>,
  rest: Partial<Union> = {},
): Union {
  const members: Field[] = [];
  const node: Union = { ...named(name), kind: "union", members, ...rest };
  members.push(...fieldsOf(values(use(node))));
  return node;
}

/** An enum; extensible when it has a default. */
export function enumeration(
  name: string,
  values: Record<string, number>,
  defaultName?: string,
): Enum {
  const list = Object.entries(values).map(([name, value]) => ({
    name,
    tsName: name,
    docs: "",
    value,
  }));
  return {
    ...named(name),
    kind: "enum",
    values: list,
    defaultValue: list.find((value) => value.name === defaultName),
  };
}

/** Bits. */
export function bits(
  name: string,
  base: Bits["base"],
  values: readonly (number | bigint)[],
  isExtensible = false,
): Bits {
  return {
    ...named(name),
    kind: "bits",
    base,
    isExtensible,
    values: values.map((value, i) => ({
      name: `B${i}`,
      tsName: `B${i}`,
      docs: "",
      value,
    })),
  };
}

/** Another name for a type. */
export function alias(name: string, value: Value): Alias {
  return { ...named(name), kind: "alias", value };
}

/** A method. */
export function method(
  name: string,
  parameters: Record<string, Value & Partial<Field>>,
  reply?: Reply,
): Method {
  return {
    name,
    tsName: name[0]!.toLowerCase() + name.slice(1),
    id: 1,
    docs: "",
    minVersion: 0,
    parameters: fieldsOf(parameters),
    reply,
  };
}

/** An interface. */
export function interfaceOf(
  name: string,
  methods: readonly Method[],
  events: readonly Method[] = [],
): Interface {
  return {
    ...named(name),
    kind: "interface",
    version: 0,
    isExtensible: false,
    methods,
    events,
  };
}

/** A file. */
export function moduleOf(...definitions: Definition[]): Module {
  return { ...ORIGIN, fileName: "x.magen", name: "", definitions };
}

/** The same definition, in another file. */
export function elsewhere<D extends Definition>(definition: D, origin: Origin): D {
  return { ...definition, origin };
}
