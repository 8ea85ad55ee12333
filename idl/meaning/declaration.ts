/**
 * What the names of a file stand for.
 *
 * A declaration exists, with an unfinished definition, before anything in the file is looked at closer:
 * so definitions may be used before they are written, and types may lead back to themselves.
 *
 * @module
 */
import type { Attributes } from "./attributes.ts";
import type * as model from "./model.ts";
import type { Span } from "../syntax/token.ts";
import type * as tree from "../syntax/tree.ts";

/** A definition that is being filled in. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** How far the meaning of a declaration is known. Only `open` declarations can lead to themselves. */
export type DeclarationState = "new" | "open" | "done" | "failed";

interface DeclarationOf<N extends tree.ItemNode, D extends model.Definition> {
  /** What it declares. */
  readonly kind: D["kind"];
  /** Its name without module: `Header.Kind`. Empty when it was left out. */
  readonly name: string;
  /** Where its name is, or else it. */
  readonly span: Span;
  /** The name of the definition that it is in; empty at the top of a file. */
  readonly owner: string;
  /** Whether nothing else in the file has the name. */
  readonly isNew: boolean;
  readonly node: N;
  readonly attributes: Attributes;
  readonly definition: Draft<D>;
  /** The file that it is in. */
  readonly scope: FileScope;
  state: DeclarationState;
}

/** An interface by its name. */
export type InterfaceDeclaration = DeclarationOf<tree.InterfaceNode, model.Interface>;
/** A struct by its name. */
export type StructDeclaration = DeclarationOf<tree.StructNode, model.Struct>;
/** A union by its name. */
export type UnionDeclaration = DeclarationOf<tree.UnionNode, model.Union>;
/** A constant by its name. */
export type ConstDeclaration = DeclarationOf<tree.ConstNode, model.Const>;
/** A feature by its name. */
export type FeatureDeclaration = DeclarationOf<tree.FeatureNode, model.Feature>;
/** An alias by its name. */
export type AliasDeclaration = DeclarationOf<tree.AliasNode, model.Alias>;

/** An enum by its name. */
export interface EnumDeclaration extends DeclarationOf<tree.EnumNode, model.Enum> {
  /** The values that are known so far. */
  readonly values: Map<string, model.EnumValue>;
  /** What its values are called. */
  readonly valueNames: ReadonlySet<string>;
  /** Values with an error, which has been reported. */
  readonly failedValues: Set<string>;
}

/** Bits by their name. */
export interface BitsDeclaration extends DeclarationOf<tree.EnumNode, model.Bits> {
  /** The values that are known so far. */
  readonly values: Map<string, model.EnumValue<number | bigint>>;
  /** What its values are called. */
  readonly valueNames: ReadonlySet<string>;
  /** Values with an error, which has been reported. */
  readonly failedValues: Set<string>;
}

/** What a name stands for. */
export type Declaration =
  | InterfaceDeclaration
  | StructDeclaration
  | UnionDeclaration
  | EnumDeclaration
  | BitsDeclaration
  | ConstDeclaration
  | FeatureDeclaration
  | AliasDeclaration;

/** The names that a file declares. */
export class FileScope {
  /** The path of the file. */
  readonly path: string;
  /** What `module` says; empty without it. */
  readonly module: string;
  /** Whether the file has errors, so that names may be missing. */
  isBroken = false;
  readonly #byName = new Map<string, Declaration>();

  /** Makes a scope without names. */
  constructor(path: string, module: string) {
    this.path = path;
    this.module = module;
  }

  /** What is called `name` here: `NetError`, `Header.Kind`. */
  get(name: string): Declaration | undefined {
    return this.#byName.get(name);
  }

  /** Adds a declaration whose name is free. */
  add(declaration: Declaration): void {
    this.#byName.set(declaration.name, declaration);
  }

  /** Everything that has a name, in the order of the source. */
  all(): Iterable<Declaration> {
    return this.#byName.values();
  }
}

/** What a declaration has whatever it declares. */
type Common = Omit<InterfaceDeclaration, "kind" | "node" | "definition">;

/** What a definition has whatever it is. */
type Named = Omit<model.Feature, "kind" | "constants">;

/** Makes a declaration with a definition that has nothing in it. */
export function declarationOf(
  node: tree.DefinitionNode,
  named: Named,
  common: Common,
): Declaration {
  switch (node.kind) {
    case "interface": {
      const rest = { version: 0, isExtensible: false, methods: [], events: [] };
      const definition = drafted("interface", named, rest);
      return { kind: "interface", node, ...common, definition };
    }
    case "struct": {
      const definition = drafted("struct", named, { version: 0, fields: [] });
      return { kind: "struct", node, ...common, definition };
    }
    case "union": {
      const definition = drafted("union", named, { members: [] });
      return { kind: "union", node, ...common, definition };
    }
    case "enum": {
      const definition = drafted("enum", named, { values: [] });
      return { kind: "enum", node, ...common, definition, ...valuesOf(node) };
    }
    case "bits": {
      const rest = { base: "u32" as const, isExtensible: false, values: [] };
      const definition = drafted("bits", named, rest);
      return { kind: "bits", node, ...common, definition, ...valuesOf(node) };
    }
    case "const": {
      const definition = drafted("const", named, { type: NO_TYPE, value: NO_VALUE });
      return { kind: "const", node, ...common, definition };
    }
    case "feature": {
      const definition = drafted("feature", named, { constants: [] });
      return { kind: "feature", node, ...common, definition };
    }
    case "alias": {
      const value = { type: NO_TYPE, optional: false };
      const definition = drafted("alias", named, { value });
      return { kind: "alias", node, ...common, definition };
    }
  }
}

function valuesOf({ values = [] }: tree.EnumNode): {
  values: Map<string, never>;
  valueNames: Set<string>;
  failedValues: Set<string>;
} {
  const valueNames = new Set(values.map(({ name }) => name.text));
  return { values: new Map<string, never>(), valueNames, failedValues: new Set() };
}

/** Stand for what is not known yet. */
const NO_TYPE: model.Type = { kind: "bool" };
const NO_VALUE: model.Constant = { kind: "bool", value: false };

function drafted<K extends string, R>(
  kind: K,
  named: Named,
  rest: R,
): { kind: K } & Named & R {
  return { kind, ...named, ...rest };
}

/** A declaration in words: `struct 'Header'`. */
export function describeDeclaration(declaration: Declaration): string {
  return `${nounOf(declaration)} '${declaration.name}'`;
}

/** What a declaration is, in a word. */
export function nounOf({ kind }: Declaration): string {
  return kind === "const" ? "constant" : kind;
}

/** Leads from definitions back to their declarations, for all files of a program. */
export type DeclarationIndex = WeakMap<object, Declaration>;
