/**
 * The syntax tree: what was written, before any meaning is given to it.
 *
 * Nodes keep the tokens they were made of, and tokens keep their comments, so the tree loses nothing. A
 * part with a syntax error is left out of the tree or stands as an `error` type; either way it has been
 * reported, and the checker stays silent about it.
 *
 * @module
 */
import type { Span, Token } from "./token.ts";

/** A type that is a name: built in or, for now wrongly, declared. */
export interface NamedTypeNode extends Span {
  readonly kind: "named";
  /** The name with single spaces and dots: `string`, `unsigned int`, `std.Time`. */
  readonly name: string;
  readonly optional: boolean;
}

/** `array<T>`. */
export interface ArrayTypeNode extends Span {
  readonly kind: "array";
  readonly item: TypeNode;
  readonly optional: boolean;
}

/** A type with an error in it, which has been reported. */
export interface ErrorTypeNode extends Span {
  readonly kind: "error";
}

/** A type. */
export type TypeNode = NamedTypeNode | ArrayTypeNode | ErrorTypeNode;

/** A parameter of a method or of its reply. */
export interface ParameterNode extends Span {
  /** Its first token, which carries the comments. */
  readonly first: Token;
  readonly type: TypeNode;
  /** Undefined when it was left out. */
  readonly name: Token | undefined;
}

/** A method. */
export interface MethodNode extends Span {
  readonly kind: "method";
  /** Its first token, which carries the comments. */
  readonly first: Token;
  readonly name: Token;
  readonly parameters: readonly ParameterNode[];
  /** Undefined for a method without a reply. */
  readonly reply: readonly ParameterNode[] | undefined;
}

/** What may stand in an interface. */
export type InterfaceItemNode = MethodNode;

/** An interface. */
export interface InterfaceNode extends Span {
  readonly kind: "interface";
  /** Its first token, which carries the comments. */
  readonly first: Token;
  /** Undefined when it was left out, which has been reported. */
  readonly name: Token | undefined;
  readonly items: readonly InterfaceItemNode[];
}

/** What may stand at the top of a file. */
export type DefinitionNode = InterfaceNode;

/** A file. */
export interface FileNode {
  readonly tokens: readonly Token[];
  readonly definitions: readonly DefinitionNode[];
}
