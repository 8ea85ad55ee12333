/**
 * Finds what a value that a source spells out is: a number, a text, a constant, a value of an enum.
 *
 * @module
 */
import { type BuiltinKind, builtinName, integerRange, isInteger } from "../builtin.ts";
import { constantText, exampleOf, valueHint } from "./constant_text.ts";
import {
  type BitsDeclaration,
  type ConstDeclaration,
  type Declaration,
  type DeclarationIndex,
  describeDeclaration,
  type EnumDeclaration,
} from "./declaration.ts";
import type { DiagnosticList } from "../diagnostic.ts";
import type { Bits, Constant, Type } from "./model.ts";
import type { NameLookup } from "./name_lookup.ts";
import { floatOf, integerOf, rangeText } from "./number_text.ts";
import { nearest } from "../suggest.ts";
import type { Span } from "../syntax/token.ts";
import type { ConstantNode, NameNode, ReferenceNode } from "../syntax/tree.ts";
import { describeType } from "./type_name.ts";

/** Something that has values by name. */
type Enumeration = EnumDeclaration | BitsDeclaration;

/** What a reference leads to. */
interface Found {
  readonly constant: Constant;
  /** Undefined for values that fit several types. */
  readonly type: Type | undefined;
}

/** Finishes declarations that others need. */
export interface Completer {
  /** Makes sure that `declaration` is `done` or `failed`; one that is `open` stays so. */
  complete(declaration: Declaration, from: Span): void;
}

/** So many values of an enum are compared with a misspelt one. */
const MAX_VALUES_COMPARED = 1000;

const FLOATS: ReadonlyMap<string, number> = new Map([
  ["INFINITY", Infinity],
  ["NEGATIVE_INFINITY", -Infinity],
  ["NAN", NaN],
]);

/** Resolves the constants of one file. */
export class ConstantResolver {
  readonly #names: NameLookup;
  readonly #index: DeclarationIndex;
  readonly #completer: Completer;
  readonly #diagnostics: DiagnosticList;
  /** All that bits may have set. */
  readonly #masks = new Map<Bits, bigint>();

  /** Makes one that looks names up in `names`. */
  constructor(
    names: NameLookup,
    index: DeclarationIndex,
    completer: Completer,
    diagnostics: DiagnosticList,
  ) {
    this.#names = names;
    this.#index = index;
    this.#completer = completer;
    this.#diagnostics = diagnostics;
  }

  /** What `node` is as a value of `type`, seen from inside `owner`. Reports what does not fit. */
  constant(node: ConstantNode, type: Type, owner: string): Constant | undefined {
    if (type.kind === "defined") {
      const { definition } = type;
      if (definition.kind === "struct") {
        if (isWord(node, "default")) return { kind: "struct", definition };
        return this.#misfit(
          node,
          "only 'default' can stand for a struct; write 'default'",
        );
      }
      if (definition.kind === "union") return this.#unspellable(node, type);
      const expected = this.#index.get(definition) as Enumeration;
      this.#completer.complete(expected, node);
      if (expected.state === "failed") return undefined;
      const found = this.#found(node, owner, expected);
      return found && this.#ofEnumeration(found, expected, node);
    }
    const { kind } = type;
    if (
      kind === "array" || kind === "map" || kind === "stream" || kind === "handle" ||
      kind === "pending" || kind === "bytes"
    ) return this.#unspellable(node, type);
    const found = this.#found(node, owner, undefined);
    if (found === undefined) return undefined;
    if (kind === "bool" || kind === "string") {
      if (found.constant.kind === kind) return found.constant;
      return this.#wrongType(node, found, type);
    }
    return this.#number(found, kind, type.jsNumber === true, node, type);
  }

  /**
   * The whole number that `node` is, seen from inside `owner`; values of enums count. Names of `within`
   * are found first. Reports what is none.
   */
  integer(
    node: ConstantNode,
    owner: string,
    within?: Enumeration,
  ): bigint | undefined {
    const found = this.#found(node, owner, within);
    if (found === undefined) return undefined;
    const { constant } = found;
    switch (constant.kind) {
      case "bigint":
      case "enum":
      case "bits":
        return BigInt(constant.value);
      case "number":
        if (Number.isInteger(constant.value)) return BigInt(constant.value);
    }
    return this.#misfit(node, `a whole number is needed here, not ${constantText(node)}`);
  }

  /** A whole number from `min` to `max`. */
  integerWithin(
    node: ConstantNode,
    owner: string,
    min: bigint,
    max: bigint,
  ): number | undefined {
    const value = this.integer(node, owner);
    if (value === undefined || (value >= min && value <= max)) {
      return value === undefined ? undefined : Number(value);
    }
    const message = `${constantText(node)} is out of range: it is from ${
      rangeText(min, max)
    }`;
    this.#diagnostics.error("MG0211", node, message);
    return undefined;
  }

  #found(
    node: ConstantNode,
    owner: string,
    expected: Enumeration | undefined,
  ): Found | undefined {
    if (node.kind === "string") {
      if (node.text.isWellFormed()) {
        return { constant: { kind: "string", value: node.text }, type: undefined };
      }
      return this.#misfit(node, "half of a surrogate pair cannot be sent; write both");
    }
    if (node.kind === "number") {
      const integer = integerOf(node.text);
      return {
        constant: integer === undefined || Object.is(floatOf(node.text), -0)
          ? { kind: "number", value: floatOf(node.text) }
          : { kind: "bigint", value: integer },
        type: undefined,
      };
    }
    return this.#reference(node, owner, expected);
  }

  #reference(
    { name }: ReferenceNode,
    owner: string,
    expected: Enumeration | undefined,
  ): Found | undefined {
    const word = name.text;
    if (word === "true" || word === "false") {
      return { constant: { kind: "bool", value: word === "true" }, type: undefined };
    }
    if (word === "default") {
      return this.#misfit(name, "'default' stands for structs only; write the value");
    }
    const dot = word.lastIndexOf(".");
    const prefix = word.slice(0, Math.max(dot, 0));
    const last = word.slice(dot + 1);
    if (prefix === "float" || prefix === "double") {
      const value = FLOATS.get(last);
      if (value === undefined) return this.#unknown(name, owner, expected);
      return { constant: { kind: "number", value }, type: undefined };
    }
    if (expected?.valueNames.has(word)) return this.#valueOf(expected, word, name, owner);
    const declaration = this.#names.find(word, owner, name);
    if (declaration?.kind === "const") return this.#ofConst(declaration, name);
    if (declaration !== undefined) {
      const message = `${describeDeclaration(declaration)} is not a value; ` +
        valueHint(declaration);
      return this.#misfit(name, message);
    }
    const outer = dot < 0 ? expected : this.#names.find(prefix, owner, name);
    if (outer?.kind !== "enum" && outer?.kind !== "bits") {
      return this.#unknown(name, owner, expected);
    }
    return this.#valueOf(outer, last, name, owner);
  }

  #ofConst(declaration: ConstDeclaration, name: NameNode): Found | undefined {
    this.#completer.complete(declaration, name);
    if (declaration.state === "open") return this.#circular(name);
    if (declaration.state === "failed") return undefined;
    const { type, value } = declaration.definition;
    return { constant: value, type };
  }

  #valueOf(
    outer: Enumeration,
    last: string,
    name: NameNode,
    owner: string,
  ): Found | undefined {
    this.#completer.complete(outer, name);
    const value = outer.values.get(last);
    if (value !== undefined) return valueOf(outer, value.value);
    if (outer.state === "failed" || outer.failedValues.has(last)) return undefined;
    // Without a value, though nothing is under way: a feature left it out.
    return outer.state === "open" && outer.valueNames.has(last)
      ? this.#circular(name)
      : this.#unknown(name, owner, outer);
  }

  #ofEnumeration(
    found: Found,
    expected: Enumeration,
    node: ConstantNode,
  ): Constant | undefined {
    const { constant } = found;
    if ("definition" in constant && constant.definition === expected.definition) {
      return constant;
    }
    if (constant.kind === "bigint") {
      if (expected.kind === "bits") return this.#mask(constant.value, expected, node);
      const named = this.#diagnostics.isFull
        ? undefined
        : [...expected.values.values()].find(({ value }) =>
          BigInt(value) === constant.value
        );
      const how = named === undefined
        ? "write one of its values"
        : `write '${expected.name}.${named.name}'`;
      return this.#misfit(
        node,
        `a number cannot stand for a value of enum '${expected.name}'; ${how}`,
      );
    }
    return this.#wrongType(node, found, {
      kind: "defined",
      definition: expected.definition,
    });
  }

  #mask(
    value: bigint,
    { definition, values, name }: BitsDeclaration,
    node: ConstantNode,
  ): Constant | undefined {
    let all = this.#masks.get(definition);
    if (all === undefined) {
      all = definition.isExtensible ? integerRange(definition.base)[1] : 0n;
      for (const bit of values.values()) all |= BigInt(bit.value);
      this.#masks.set(definition, all);
    }
    if (value >= 0n && (value & ~all) === 0n) {
      return {
        kind: "bits",
        definition,
        value: definition.base === "u64" ? value : Number(value),
      };
    }
    const message = `${
      constantText(node)
    } has bits that '${name}' has no name for; write one of its values`;
    this.#diagnostics.error("MG0211", node, message);
    return undefined;
  }

  #number(
    found: Found,
    kind: Exclude<BuiltinKind, "bool" | "string" | "bytes">,
    jsNumber: boolean,
    node: ConstantNode,
    type: Type,
  ): Constant | undefined {
    const { constant } = found;
    const isLiteral = found.type === undefined;
    if (!isInteger(kind)) {
      if (constant.kind !== "number" && constant.kind !== "bigint") {
        return this.#wrongType(node, found, type);
      }
      const exact = Number(constant.value);
      const value = kind === "f32" ? Math.fround(exact) : exact;
      const isMeant = constant.kind === "number" &&
        !(node.kind === "number" && isLiteral) && !Number.isFinite(exact);
      if (Number.isFinite(value) || isMeant) return { kind: "number", value };
      const message =
        `${constantText(node)} is out of range for ${builtinName(kind)}; write ` +
        `${builtinName(kind)}.INFINITY if that is meant`;
      this.#diagnostics.error("MG0211", node, message);
      return undefined;
    }
    const isWhole = constant.kind === "bigint" ||
      (constant.kind === "number" && Number.isInteger(constant.value) &&
        (isLiteral ? Object.is(constant.value, -0) : !isFloat(found.type)));
    if (!isWhole) return this.#wrongType(node, found, type);
    const value = BigInt(constant.value as number | bigint);
    const [min, max] = integerRange(kind, jsNumber);
    if (value < min || value > max) {
      const message = `${constantText(node)} is out of range for ${builtinName(kind)}` +
        `${jsNumber ? " with [JsNumber]" : ""} (${rangeText(min, max)})`;
      this.#diagnostics.error("MG0211", node, message);
      return undefined;
    }
    const isBig = (kind === "i64" || kind === "u64") && !jsNumber;
    return isBig ? { kind: "bigint", value } : { kind: "number", value: Number(value) };
  }

  #misfit(span: Span, message: string): undefined {
    this.#diagnostics.error("MG0212", span, message);
  }

  #unspellable(node: ConstantNode, type: Type): undefined {
    return this.#misfit(
      node,
      `a value of ${describeType(type)} cannot be spelled out; make it optional instead`,
    );
  }

  #wrongType(node: ConstantNode, found: Found, type: Type): undefined {
    const what = found.type === undefined
      ? constantText(node)
      : `${constantText(node)}, which is of ${describeType(found.type)},`;
    return this.#misfit(
      node,
      `${what} is not a value of ${describeType(type)}; write ${exampleOf(type)}`,
    );
  }

  #circular(name: NameNode): undefined {
    const message =
      `'${name.text}' leads back here before it has a value; write a number, ` +
      "or something that comes before";
    this.#diagnostics.error("MG0215", name, message);
  }

  #unknown(
    name: NameNode,
    owner: string,
    expected: Enumeration | undefined,
  ): undefined {
    if (this.#names.isIncomplete) return undefined;
    const word = name.text;
    if (this.#diagnostics.isFull) {
      this.#diagnostics.error("MG0214", name, "unknown value");
      return undefined;
    }
    const values = [...expected?.valueNames ?? []].slice(0, MAX_VALUES_COMPARED);
    const inner = nearest(word.slice(word.lastIndexOf(".") + 1), values);
    const meant = inner === undefined
      ? this.#names.nearest(word, owner, ({ kind }) => kind === "const", [
        "true",
        "false",
        "default",
        "float.INFINITY",
        "float.NEGATIVE_INFINITY",
        "float.NAN",
      ])
      : `${expected!.name}.${inner}`;
    const hint = meant === undefined
      ? "; write a number, a text in quotes, or the name of a constant"
      : `; did you mean '${meant}'?`;
    this.#diagnostics.error("MG0214", name, `unknown value '${word}'${hint}`);
  }
}

function isFloat(type: Type | undefined): boolean {
  return type?.kind === "f32" || type?.kind === "f64";
}

function valueOf(of: Enumeration, value: number | bigint): Found {
  const { definition } = of;
  const type: Type = { kind: "defined", definition };
  return definition.kind === "enum"
    ? { constant: { kind: "enum", definition, value: Number(value) }, type }
    : { constant: { kind: "bits", definition, value }, type };
}

function isWord(node: ConstantNode, word: string): boolean {
  return node.kind === "reference" && node.name.text === word;
}
