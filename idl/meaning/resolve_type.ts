/**
 * Finds what a type that a source writes stands for.
 *
 * @module
 */
import { withArticle } from "./attributes.ts";
import { builtinNames, builtinOf, isBuiltinName, isInteger } from "../builtin.ts";
import {
  type AliasDeclaration,
  type Declaration,
  describeDeclaration,
  type InterfaceDeclaration,
  nounOf,
} from "./declaration.ts";
import type { DiagnosticList } from "../diagnostic.ts";
import type { HandleKind, PendingType, Type, Value } from "./model.ts";
import type { NameLookup } from "./name_lookup.ts";
import { integerOf } from "./number_text.ts";
import type { Completer } from "./resolve_constant.ts";
import { didYouMean } from "../suggest.ts";
import type { Span } from "../syntax/token.ts";
import type {
  ArrayTypeNode,
  HandleTypeNode,
  MapTypeNode,
  NamedTypeNode,
  PendingTypeNode,
  TypeNode,
} from "../syntax/tree.ts";
import { describeType } from "./type_name.ts";

/** How deep a type may be nested once its aliases are resolved. */
const MAX_RESOLVED_DEPTH = 32;

/** As many items as a message may hold altogether. */
const MAX_ARRAY_SIZE = 1_048_576n;

const HANDLE_KINDS: ReadonlySet<string> = new Set<HandleKind>([
  "message_pipe",
  "data_pipe_producer",
  "data_pipe_consumer",
  "shared_buffer",
  "platform",
  "file",
  "conn",
  "listener",
]);

/** Names that other languages use. */
const FOREIGN: ReadonlyMap<string, string> = new Map([
  ["boolean", "bool"],
  ["Boolean", "bool"],
  ["i8", "int8"],
  ["u8", "uint8"],
  ["i16", "int16"],
  ["u16", "uint16"],
  ["i32", "int32"],
  ["u32", "uint32"],
  ["i64", "int64"],
  ["u64", "uint64"],
  ["f32", "float"],
  ["f64", "double"],
  ["float32", "float"],
  ["float64", "double"],
  ["integer", "int"],
  ["number", "double"],
  ["bigint", "long"],
  ["byte", "uint8"],
  ["str", "string"],
  ["String", "string"],
  ["text", "string"],
  ["buffer", "bytes"],
  ["Uint8Array", "bytes"],
  ["size_t", "uint64"],
  ["array", "array<T>"],
  ["vector", "array<T>"],
  ["list", "array<T>"],
  ["map", "map<K, V>"],
  ["dict", "map<K, V>"],
  ["stream", "stream<T>"],
  ["real", "double"],
]);

/** Resolves the types of one file. */
export class TypeResolver {
  readonly #names: NameLookup;
  readonly #completer: Completer;
  readonly #diagnostics: DiagnosticList;

  /** Makes one that looks names up in `names`. */
  constructor(names: NameLookup, completer: Completer, diagnostics: DiagnosticList) {
    this.#names = names;
    this.#completer = completer;
    this.#diagnostics = diagnostics;
  }

  /**
   * What `node` stands for, seen from inside `owner`. Undefined when it stands for nothing, which has been
   * reported then.
   */
  resolve(node: TypeNode, owner: string): Value | undefined {
    switch (node.kind) {
      case "error":
        return undefined;
      case "named":
        return this.#named(node, owner);
      case "array":
        return this.#array(node, owner);
      case "map":
        return this.#map(node, owner);
      case "stream": {
        const item = this.resolve(node.item, owner);
        return item && this.#nested({ kind: "stream", item }, node);
      }
      case "handle":
        return this.#handle(node);
      case "pending":
        return this.#pending(node, owner);
    }
  }

  #named(node: NamedTypeNode, owner: string): Value | undefined {
    const { name, optional } = node;
    const kind = builtinOf(name);
    if (kind !== undefined) return { type: { kind }, optional };
    if (name === "MessagePipe") {
      return { type: { kind: "handle", of: "message_pipe" }, optional };
    }
    if (name === "handle") return { type: { kind: "handle", of: "any" }, optional };
    const declaration = this.#names.find(name, owner, node);
    switch (declaration?.kind) {
      case undefined:
        return this.#unknown(name, node, owner);
      case "struct":
      case "union":
      case "enum":
      case "bits":
        return {
          type: { kind: "defined", definition: declaration.definition },
          optional,
        };
      case "alias":
        return this.#alias(declaration, node);
      case "interface": {
        const message = `interface '${name}' cannot be a value; use ` +
          `pending_remote<${name}> or pending_receiver<${name}>`;
        this.#diagnostics.error("MG0208", node, message);
        return undefined;
      }
      case "const":
      case "feature": {
        const message = `${describeDeclaration(declaration)} is not a type; write one`;
        this.#diagnostics.error("MG0219", node, message);
        return undefined;
      }
    }
  }

  #alias(declaration: AliasDeclaration, node: NamedTypeNode): Value | undefined {
    this.#completer.complete(declaration, node);
    if (declaration.state === "open") {
      const message = `alias '${declaration.name}' leads back to itself; ` +
        "write a type that is not made of it";
      this.#diagnostics.error("MG0216", node, message);
      return undefined;
    }
    if (declaration.state === "failed") return undefined;
    const alias = declaration.definition;
    if (alias.value.optional && node.optional) {
      const message =
        `'${node.name}' is optional already: its alias has a '?'; remove this one`;
      this.#diagnostics.error("MG0209", node, message);
      return undefined;
    }
    const optional = alias.value.optional || node.optional;
    return { type: alias.value.type, optional, alias };
  }

  #array(node: ArrayTypeNode, owner: string): Value | undefined {
    const item = this.resolve(node.item, owner);
    let size: number | undefined;
    if (node.size !== undefined) {
      const written = integerOf(node.size.text) ?? 0n;
      if (written < 1n || written > MAX_ARRAY_SIZE) {
        const message =
          `the size of an array is a whole number from 1 to ${MAX_ARRAY_SIZE}, ` +
          `not '${node.size.text}'; leave it out for any number of items`;
        this.#diagnostics.error("MG0204", node.size, message);
        return undefined;
      }
      size = Number(written);
    }
    if (item === undefined) return undefined;
    const { type } = item;
    const isBytes = size === undefined && !item.optional && type.kind === "u8" &&
      type.bounds === undefined;
    return this.#nested(
      isBytes ? { kind: "bytes" } : { kind: "array", item, size },
      node,
    );
  }

  #map(node: MapTypeNode, owner: string): Value | undefined {
    const key = this.resolve(node.key, owner);
    const value = this.resolve(node.value, owner);
    if (key !== undefined && !isKey(key)) {
      const what = key.optional ? "an optional type" : describeType(key.type);
      const message = `${what} cannot be the key of a map; ` +
        "keys are integers, bool, string and enums";
      this.#diagnostics.error("MG0207", node.key, message);
      return undefined;
    }
    return key && value && this.#nested({ kind: "map", key, value }, node);
  }

  #nested(
    type: Type,
    node: TypeNode & { readonly optional: boolean },
  ): Value | undefined {
    if (depthOf(type) <= MAX_RESOLVED_DEPTH) return { type, optional: node.optional };
    const message = `types are nested more than ${MAX_RESOLVED_DEPTH} deep here, ` +
      "with what their aliases stand for; put a struct in between";
    this.#diagnostics.error("MG0011", node, message);
    return undefined;
  }

  #handle({ of, optional }: HandleTypeNode): Value | undefined {
    if (HANDLE_KINDS.has(of.text)) {
      return { type: { kind: "handle", of: of.text as HandleKind }, optional };
    }
    const hint = didYouMean(of.text, HANDLE_KINDS) ||
      `; there are ${[...HANDLE_KINDS].join(", ")}`;
    this.#diagnostics.error("MG0203", of, `unknown handle kind '${of.text}'${hint}`);
    return undefined;
  }

  #pending(node: PendingTypeNode, owner: string): Value | undefined {
    const { target, optional } = node;
    const declaration = isBuiltinName(target.text)
      ? undefined
      : this.#names.find(target.text, owner, target);
    if (declaration?.kind === "interface") {
      const pending = node.pending.replace(/^pending_/, "") as PendingType["pending"];
      return {
        type: { kind: "pending", pending, target: declaration.definition },
        optional,
      };
    }
    if (declaration !== undefined || isBuiltinName(target.text)) {
      const what = declaration === undefined
        ? `'${target.text}' is a type`
        : `'${target.text}' is ${withArticle(nounOf(declaration))}`;
      const message = `${node.pending}<> needs an interface: ${what}; ` +
        "write the name of an interface";
      this.#diagnostics.error("MG0206", target, message);
      return undefined;
    }
    return this.#unknown(target.text, target, owner, isInterface);
  }

  #unknown(
    name: string,
    span: Span,
    owner: string,
    isMeant: (declaration: Declaration) => boolean = isType,
  ): undefined {
    if (this.#names.isIncomplete) return;
    const what = isMeant === isType ? "type" : "interface";
    if (this.#diagnostics.isFull) {
      this.#diagnostics.error("MG0205", span, `unknown ${what}`);
      return;
    }
    const last = name.slice(Math.max(name.lastIndexOf(":"), name.lastIndexOf(".")) + 1);
    const others = isMeant === isType ? builtinNames() : [];
    const foreign = isMeant === isType
      ? FOREIGN.get(last) ?? (builtinOf(last) === undefined ? undefined : last)
      : undefined;
    const meant = foreign ?? this.#names.nearest(name, owner, isMeant, others) ??
      this.#names.nearest(last, owner, isMeant, others);
    const hint = meant === undefined
      ? "; define it, or import the file that does"
      : `; did you mean '${meant}'?`;
    this.#diagnostics.error("MG0205", span, `unknown ${what} '${name}'${hint}`);
  }
}

function isType({ kind }: Declaration): boolean {
  return kind !== "const" && kind !== "feature" && kind !== "interface";
}

function isInterface(declaration: Declaration): declaration is InterfaceDeclaration {
  return declaration.kind === "interface";
}

function isKey({ type, optional }: Value): boolean {
  if (optional) return false;
  if (type.kind === "defined") return type.definition.kind === "enum";
  return type.kind === "bool" || type.kind === "string" || isInteger(type.kind);
}

/** How many types are around the innermost one. Keys of maps have none. */
function depthOf(type: Type): number {
  let depth = 0;
  let inner = type;
  for (;;) {
    if (inner.kind === "array" || inner.kind === "stream") inner = inner.item.type;
    else if (inner.kind === "map") inner = inner.value.type;
    else return depth;
    depth++;
  }
}
