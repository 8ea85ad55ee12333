/**
 * Finds what the name of a type stands for.
 *
 * @module
 */
import { builtinNames, builtinOf } from "./builtin.ts";
import type { DiagnosticList } from "./diagnostic.ts";
import type { Value } from "./model.ts";
import { nearest } from "./suggest.ts";
import type { NamedTypeNode, TypeNode } from "./tree.ts";

/** Stands for a type that could not be resolved; such a model is never generated from. */
const UNKNOWN: Value = { type: { kind: "bool" }, optional: false };

/** Names that other languages use. */
const FOREIGN: ReadonlyMap<string, string> = new Map([
  ["boolean", "bool"],
  ["integer", "int"],
  ["number", "double"],
  ["bigint", "long"],
  ["byte", "uint8"],
  ["str", "string"],
  ["String", "string"],
  ["text", "string"],
  ["buffer", "bytes"],
  ["Uint8Array", "bytes"],
  ["handle", "MessagePipe"],
  ["size_t", "uint64"],
  ["array", "array<T>"],
  ["vector", "array<T>"],
  ["real", "double"],
]);

/** Resolves the types of one file. */
export class TypeResolver {
  readonly #interfaces: ReadonlySet<string>;
  readonly #diagnostics: DiagnosticList;

  /** Makes one for a file that declares `interfaces`. */
  constructor(interfaces: ReadonlySet<string>, diagnostics: DiagnosticList) {
    this.#interfaces = interfaces;
    this.#diagnostics = diagnostics;
  }

  /** What `node` stands for. Reports a type that does not exist. */
  resolve(node: TypeNode): Value {
    if (node.kind === "error") return UNKNOWN;
    if (node.kind === "array") {
      const item = this.resolve(node.item);
      return { type: { kind: "array", item }, optional: node.optional };
    }
    const kind = builtinOf(node.name);
    if (kind !== undefined) return { type: { kind }, optional: node.optional };
    this.#reportUnknown(node);
    return UNKNOWN;
  }

  #reportUnknown(node: NamedTypeNode): void {
    const { name } = node;
    if (this.#interfaces.has(name)) {
      const message = `interface '${name}' cannot be a value; use MessagePipe`;
      this.#diagnostics.error("MG0208", node, message);
      return;
    }
    if (this.#diagnostics.isFull) {
      this.#diagnostics.error("MG0205", node, "unknown type");
      return;
    }
    const last = name.slice(Math.max(name.lastIndexOf(":"), name.lastIndexOf(".")) + 1);
    const meant = FOREIGN.get(last) ??
      (builtinOf(last) === undefined ? nearest(last, builtinNames()) : last);
    const hint = meant === undefined ? "" : `; did you mean '${meant}'?`;
    this.#diagnostics.error("MG0205", node, `unknown type '${name}'${hint}`);
  }
}
