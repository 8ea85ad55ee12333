/**
 * What checks a value with zod: the schema, and the type of the schema.
 *
 * The type says exactly what the schema gives, so that it can be compared with the TypeScript type of the
 * value. What it leaves out are bounds, which no type has.
 *
 * @module
 */
import { type IntegerKind, integerRange } from "../builtin.ts";
import { quoted } from "../typescript/literal.ts";
import type {
  ArrayType,
  Bits,
  Bounds,
  BuiltinType,
  Definition,
  Enum,
  HandleType,
  MapType,
  PendingType,
  StreamType,
  Struct,
  Type,
  Union,
  Value,
} from "../meaning/model.ts";
import type { ImportNames } from "../typescript/name_scope.ts";
import { bareText, type Ownership, typedArrayOf } from "../typescript/type_text.ts";

/** What a schema can be of. */
export type Checked = Struct | Union | Enum | Bits;

/** A schema that generated files have for themselves, to make others of. */
export type Base = "text" | "float";

/** What a schema may refer to. */
export interface ZodPlace {
  /** What is imported from the runtime. Nothing else in the file is called as these are. */
  readonly imports: ImportNames;
  /** The schema of a definition; imports it when it is elsewhere. */
  schema(definition: Checked): string;
  /** The TypeScript type of a definition. */
  type(definition: Definition): string;
  /** One of the schemas that the file has for itself. */
  base(name: Base): string;
  /** Whether the schema of a definition stands further down. */
  isLater(definition: Checked): boolean;
}

/** A schema as text. */
export interface ZodText {
  /** The expression. */
  readonly value: string;
  /** Its type. */
  readonly type: string;
  /** Whether it can be evaluated only once the whole file has been. */
  readonly isLater: boolean;
}

/** The schema of a value, which may be missing altogether when it is optional. */
export function valueText(
  value: Value,
  place: ZodPlace,
  ownership: Ownership = "owned",
): ZodText {
  const text = typeText(value.type, place, ownership);
  return value.optional ? optionalText(text) : text;
}

/** The schema of an argument: numbers may be in a plain array too. */
export function argumentText(value: Value, place: ZodPlace): ZodText {
  const exact = typeText(value.type, place, "lent");
  if (value.type.kind !== "array" || typedArrayOf(value.type.item) === undefined) {
    return value.optional ? optionalText(exact) : exact;
  }
  const { item } = value.type;
  const plain = plainArrayText(item, lengthBounds(value.type), place, "lent");
  const either = now(
    `z.union([${exact.value}, ${plain.value}])`,
    `z.ZodUnion<readonly [${exact.type}, ${plain.type}]>`,
  );
  return value.optional ? optionalText(either) : either;
}

/** The schema of a value that has to be there, if only as `undefined`. */
export function presentText(value: Value, place: ZodPlace): ZodText {
  const text = typeText(value.type, place, "owned");
  if (!value.optional) return text;
  return {
    value: `z.union([${text.value}, z.undefined()])`,
    type: `z.ZodUnion<readonly [${text.type}, z.ZodUndefined]>`,
    isLater: text.isLater,
  };
}

/** The schema of a value that may be missing. */
export function optionalText({ value, type, isLater }: ZodText): ZodText {
  return { value: `${value}.optional()`, type: `z.ZodOptional<${type}>`, isLater };
}

function typeText(type: Type, place: ZodPlace, ownership: Ownership): ZodText {
  switch (type.kind) {
    case "array":
      return arrayText(type, place, ownership);
    case "map":
      return mapText(type, place, ownership);
    case "stream":
    case "handle":
    case "pending":
      return resourceText(type, place, ownership);
    case "defined": {
      const { definition } = type;
      return {
        value: place.schema(definition),
        type: zodType(place.type(definition)),
        isLater: place.isLater(definition),
      };
    }
    default:
      return builtinText(type, place);
  }
}

function builtinText(type: BuiltinType, place: ZodPlace): ZodText {
  const { kind, bounds = {} } = type;
  switch (kind) {
    case "bool":
      return now("z.boolean()", "z.ZodBoolean");
    case "string": {
      // Zod counts code points. LIMIT: a text that is too long is not searched for the pattern.
      const lengths = refineText("{ length }", lengthConditions("length", bounds), {
        error: `Must have ${lengthWords(bounds)} UTF-16 units`,
        abort: true,
      });
      return now(`${place.base("text")}${lengths}${patternText(bounds)}`, "z.ZodString");
    }
    case "bytes":
      return sizedText("Uint8Array", bounds, "bytes");
    case "f32":
    case "f64": {
      const refine = refineText("value", boundConditions("value", bounds), {
        error: `Must be ${rangeWords(bounds)}`,
      });
      return now(`${place.base("float")}${refine}`, zodType("number"));
    }
    default:
      return integerText(kind, type);
  }
}

function integerText(
  kind: IntegerKind,
  { bounds = {}, jsNumber = false }: BuiltinType,
): ZodText {
  let [min, max] = integerRange(kind, jsNumber);
  if (bounds.min !== undefined && BigInt(bounds.min) > min) min = BigInt(bounds.min);
  if (bounds.max !== undefined && BigInt(bounds.max) < max) max = BigInt(bounds.max);
  return isBigint(kind, jsNumber)
    ? now(`z.bigint().min(${min}n).max(${max}n)`, "z.ZodBigInt")
    : now(`z.int().min(${min}).max(${max})`, "z.ZodInt");
}

function isBigint(kind: IntegerKind, jsNumber = false): boolean {
  return (kind === "i64" || kind === "u64") && !jsNumber;
}

function arrayText(
  type: ArrayType,
  place: ZodPlace,
  ownership: Ownership,
): ZodText {
  const { item } = type, bounds = lengthBounds(type);
  const typed = typedArrayOf(item);
  if (typed === undefined) return plainArrayText(item, bounds, place, ownership);
  return sizedText(typed, bounds, "items", (item.type as BuiltinType).bounds);
}

function lengthBounds({ size, bounds = {} }: ArrayType): Bounds {
  return size === undefined ? bounds : { minLength: size, maxLength: size };
}

function plainArrayText(
  item: Value,
  bounds: Bounds,
  place: ZodPlace,
  ownership: Ownership,
): ZodText {
  const { value, type, isLater } = valueText(item, place, ownership);
  return {
    value: `z.array(${value})${lengthText(bounds)}`,
    type: `z.ZodArray<${type}>`,
    isLater,
  };
}

/** Bytes, or an array of numbers. */
function sizedText(
  name: string,
  bounds: Bounds,
  what: string,
  itemBounds: Bounds = {},
): ZodText {
  const { value, type } = instanceText(name);
  const lengths = refineText("{ length }", lengthConditions("length", bounds), {
    error: `Must have ${lengthWords(bounds)} ${what}`,
  });
  const conditions = boundConditions("item", itemBounds);
  const every = conditions.length === 0
    ? []
    : [`items.every((item) => ${conditions.join(" && ")})`];
  const items = refineText("items", every, {
    error: `Each item must be ${rangeWords(itemBounds)}`,
  });
  return now(value + lengths + items, type);
}

/** A check of one's own; nothing when there is nothing to check. */
function refineText(
  parameter: string,
  conditions: readonly string[],
  { error, abort = false }: { readonly error: string; readonly abort?: boolean },
): string {
  if (conditions.length === 0) return "";
  const message = quoted(error);
  const how = abort ? `{ error: ${message}, abort: true }` : message;
  return `.refine((${parameter}) => ${conditions.join(" && ")}, ${how})`;
}

function mapText(type: MapType, place: ZodPlace, ownership: Ownership): ZodText {
  const key = valueText(type.key, place), value = valueText(type.value, place, ownership);
  return {
    value: `z.map(${key.value}, ${value.value})${lengthText(type.bounds ?? {})}`,
    type: `z.ZodMap<${key.type}, ${value.type}>`,
    isLater: key.isLater || value.isLater,
  };
}

/** Something that is handed over. */
function resourceText(
  type: StreamType | HandleType | PendingType,
  place: ZodPlace,
  ownership: Ownership,
): ZodText {
  const codecs = { typeName: (definition: Definition) => place.type(definition) };
  const text = bareText(type, { imports: place.imports, codecs }, ownership);
  const name = text.replace(/<.*/s, "");
  if (type.kind === "stream") {
    return ownership === "owned" ? instanceText(name, text) : now(
      `z.custom<${text}>((value) => typeof value === "object" && value !== null && ` +
        '(Symbol.asyncIterator in value || Symbol.iterator in value), "Must be iterable")',
      zodType(text),
    );
  }
  // There are no associated ends yet, and so no value passes for one.
  if (type.kind === "pending" && type.pending.startsWith("associated")) {
    return now("z.never()", zodType(text));
  }
  return instanceText(place.imports.value(name), text);
}

function instanceText(name: string, type: string = name): ZodText {
  const message = quoted(`Must be an instance of ${name}`);
  return now(
    `z.custom<${type}>((value) => value instanceof ${name}, ${message})`,
    zodType(type),
  );
}

/** The type of a schema of which no more is known than what it gives. */
export function zodType(type: string): string {
  return `z.ZodType<${type}, ${type}>`;
}

function now(value: string, type: string): ZodText {
  return { value, type, isLater: false };
}

function lengthText({ minLength, maxLength }: Bounds): string {
  if (minLength !== undefined && minLength === maxLength) return `.length(${minLength})`;
  const min = minLength === undefined ? "" : `.min(${minLength})`;
  return maxLength === undefined ? min : `${min}.max(${maxLength})`;
}

function patternText({ pattern }: Bounds): string {
  if (pattern === undefined) return "";
  return `.regex(new RegExp(${quoted(`^(?:${pattern})$`)}, "u"))`;
}

function lengthConditions(name: string, { minLength, maxLength }: Bounds): string[] {
  if (minLength !== undefined && minLength === maxLength) {
    return [`${name} === ${minLength}`];
  }
  return boundConditions(name, { min: minLength, max: maxLength });
}

function lengthWords({ minLength, maxLength }: Bounds): string {
  if (minLength !== undefined && minLength === maxLength) return `${minLength}`;
  return rangeWords({ min: minLength, max: maxLength });
}

/** Conditions that NaN does not meet. */
function boundConditions(name: string, { min, max }: Bounds): string[] {
  const conditions: string[] = [];
  if (min !== undefined) conditions.push(`${name} >= ${numberText(min)}`);
  if (max !== undefined) conditions.push(`${name} <= ${numberText(max)}`);
  return conditions;
}

function rangeWords({ min, max }: Bounds): string {
  if (min === undefined) return `at most ${max}`;
  return max === undefined ? `at least ${min}` : `${min} to ${max}`;
}

function numberText(value: number | bigint): string {
  return typeof value === "bigint" ? `${value}n` : `${value}`;
}
