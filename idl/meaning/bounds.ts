/**
 * Puts the attributes that narrow a type onto it, and finds values outside of what they allow.
 *
 * @module
 */
import { type Attributes, textOf } from "./attributes.ts";
import { isNumber } from "../builtin.ts";
import type { DiagnosticList } from "../diagnostic.ts";
import type { ArrayType, Bounds, BuiltinType, Constant, MapType } from "./model.ts";
import type { Type, Value } from "./model.ts";
import type { ConstantResolver } from "./resolve_constant.ts";
import type { AttributeNode } from "../syntax/tree.ts";
import { describeType } from "./type_name.ts";

const NUMBERS = ["Min", "Max"] as const;
const LENGTHS = ["MinLength", "MaxLength"] as const;
const ALL: readonly string[] = [...NUMBERS, ...LENGTHS, "Pattern", "JsNumber", "Copy"];

/** A length that cannot be exceeded anyway: what a message can hold. */
const MAX_LENGTH = 0xffff_ffffn;

/** A type that can have bounds. */
type BoundedType = BuiltinType | ArrayType | MapType;

/** Applies the attributes of one file. */
export class BoundsReader {
  readonly #constants: ConstantResolver;
  readonly #diagnostics: DiagnosticList;

  /** Makes one that reads numbers with `constants`. */
  constructor(constants: ConstantResolver, diagnostics: DiagnosticList) {
    this.#constants = constants;
    this.#diagnostics = diagnostics;
  }

  /** `value` with what `attributes` say about it. Reports what does not fit. */
  apply(value: Value, attributes: Attributes, owner: string): Value {
    if (!ALL.some((name) => attributes.has(name))) return value;
    let { type } = value;
    let { alias } = value;
    const exact = attributes.get("JsNumber");
    if (exact !== undefined) {
      const changed = withJsNumber(type);
      if (changed === undefined) {
        this.#misplaced(exact, type, "a 64-bit integer, or an array of them");
      } else {
        // It is another type in TypeScript than the alias.
        if (changed !== type) alias = undefined;
        type = changed;
      }
    }
    const copy = attributes.get("Copy");
    if (copy !== undefined && type.kind !== "bytes") this.#misplaced(copy, type, "bytes");
    const bounds = this.#bounds(type, attributes, owner);
    if (bounds !== undefined) type = { ...type as BoundedType, bounds };
    const { optional } = value;
    return alias === undefined ? { type, optional } : { type, optional, alias };
  }

  #bounds(type: Type, attributes: Attributes, owner: string): Bounds | undefined {
    const outer: Bounds = isBounded(type) ? type.bounds ?? {} : {};
    const own = { ...outer };
    for (const name of NUMBERS) {
      const attribute = attributes.get(name);
      if (attribute === undefined) continue;
      if (!isNumeric(type)) {
        this.#misplaced(attribute, type, "a number");
        continue;
      }
      const { bounds: _, ...plain } = type;
      const limit = this.#constants.constant(attribute.values[0]!, plain, owner);
      if (limit?.kind !== "number" && limit?.kind !== "bigint") continue;
      if (Number.isNaN(limit.value)) {
        const message =
          `[${name}] cannot be NAN: every number is outside; write a number`;
        this.#diagnostics.error("MG0315", attribute, message);
        continue;
      }
      if (name === "Min") own.min = stricter(limit.value, outer.min, (a, b) => a > b);
      else own.max = stricter(limit.value, outer.max, (a, b) => a < b);
    }
    for (const name of LENGTHS) {
      const attribute = attributes.get(name);
      if (attribute === undefined) continue;
      if (!hasLength(type)) {
        this.#misplaced(
          attribute,
          type,
          "a string, bytes, a map or an array of any size",
        );
        continue;
      }
      const [node] = attribute.values;
      const limit = this.#constants.integerWithin(node!, owner, 0n, MAX_LENGTH);
      if (limit === undefined) continue;
      if (name === "MinLength") {
        own.minLength = Math.max(limit, outer.minLength ?? 0);
      } else {
        own.maxLength = Math.min(limit, outer.maxLength ?? Infinity);
      }
    }
    const pattern = attributes.get("Pattern");
    if (pattern !== undefined) own.pattern = this.#pattern(pattern, type, outer);
    this.#checkOrder(own, attributes);
    return Object.values(own).some((limit) => limit !== undefined) ? own : undefined;
  }

  #pattern(attribute: AttributeNode, type: Type, outer: Bounds): string | undefined {
    if (type.kind !== "string") {
      this.#misplaced(attribute, type, "a string");
      return outer.pattern;
    }
    if (outer.pattern !== undefined) {
      const message =
        `the alias has a [Pattern] already; use 'string' here instead of it`;
      this.#diagnostics.error("MG0315", attribute, message);
      return outer.pattern;
    }
    const pattern = textOf(attribute);
    try {
      new RegExp(`^(?:${pattern})$`, "u");
      // Alone too: `a)(b` closes what is not its own.
      new RegExp(pattern, "u");
      return pattern;
    } catch (error) {
      const why = error instanceof Error
        ? error.message.slice(error.message.lastIndexOf(": ") + 2)
        : "";
      const message =
        `[Pattern] is not a regular expression (${why}); mend it, or write ` +
        `'\\\\\\\\' in front of what is meant as it stands`;
      this.#diagnostics.error("MG0316", attribute, message);
      return undefined;
    }
  }

  #checkOrder(bounds: Bounds, attributes: Attributes): void {
    const { min, max, minLength, maxLength } = bounds;
    if (min !== undefined && max !== undefined && min > max) {
      this.#contradiction(attributes, "Min", "Max", min, max);
    }
    if (minLength !== undefined && maxLength !== undefined && minLength > maxLength) {
      this.#contradiction(attributes, "MinLength", "MaxLength", minLength, maxLength);
    }
  }

  #contradiction(
    attributes: Attributes,
    low: string,
    high: string,
    min: number | bigint,
    max: number | bigint,
  ): void {
    const place = attributes.get(low) ?? attributes.get(high);
    if (place === undefined) return;
    const message =
      `no value has at least [${low}=${min}] and at most [${high}=${max}]; ` +
      `raise the one or lower the other`;
    this.#diagnostics.error("MG0315", place, message);
  }

  #misplaced(attribute: AttributeNode, type: Type, what: string): void {
    const message = `[${attribute.name.text}] is for ${what}, not for ` +
      `${describeType(type)}; remove it, or put it on an alias for a part of the type`;
    this.#diagnostics.error("MG0314", attribute, message);
  }
}

/** Why `constant` is outside of the bounds of `type`; undefined when it is not. */
export function outsideOf(type: Type, constant: Constant): string | undefined {
  const bounds = isBounded(type) ? type.bounds : undefined;
  if (bounds === undefined) return undefined;
  const { min, max, minLength, maxLength, pattern } = bounds;
  if (constant.kind === "number" || constant.kind === "bigint") {
    const { value } = constant;
    if (min !== undefined && !(value >= min)) return `it is less than [Min=${min}]`;
    if (max !== undefined && !(value <= max)) return `it is more than [Max=${max}]`;
  }
  if (constant.kind === "string") {
    const { length } = constant.value;
    if (minLength !== undefined && length < minLength) {
      return `it is shorter than [MinLength=${minLength}]`;
    }
    if (maxLength !== undefined && length > maxLength) {
      return `it is longer than [MaxLength=${maxLength}]`;
    }
    if (
      pattern !== undefined && !new RegExp(`^(?:${pattern})$`, "u").test(constant.value)
    ) {
      return `it does not match [Pattern=${JSON.stringify(pattern)}]`;
    }
  }
  return undefined;
}

/** The type with numbers in place of 64-bit integers; undefined when there are none. */
function withJsNumber(type: Type): Type | undefined {
  if (type.kind === "i64" || type.kind === "u64") {
    if (type.jsNumber) return type;
    const { bounds } = type;
    const changed: BuiltinType = { kind: type.kind, jsNumber: true };
    return bounds === undefined ? changed : { ...changed, bounds: inNumbers(bounds) };
  }
  if (type.kind !== "array") return undefined;
  const inner = withJsNumber(type.item.type);
  if (inner === undefined || inner === type.item.type) return inner && type;
  return { ...type, item: { type: inner, optional: type.item.optional } };
}

function inNumbers({ min, max }: Bounds): Bounds {
  return {
    ...(min === undefined ? {} : { min: Number(min) }),
    ...(max === undefined ? {} : { max: Number(max) }),
  };
}

function isBounded(type: Type): type is BoundedType {
  return !["stream", "handle", "pending", "defined"].includes(type.kind);
}

function isNumeric(type: Type): type is BuiltinType {
  return isNumber(type.kind);
}

function hasLength(type: Type): boolean {
  return type.kind === "string" || type.kind === "bytes" || type.kind === "map" ||
    (type.kind === "array" && type.size === undefined);
}

function stricter(
  own: number | bigint,
  outer: number | bigint | undefined,
  isStricter: (a: number | bigint, b: number | bigint) => boolean,
): number | bigint {
  return outer === undefined || isStricter(own, outer) ? own : outer;
}
