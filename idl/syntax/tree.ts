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

/** A name with dots: `network.mojom.NetError`. */
export interface NameNode extends Span {
  /** The words of it. */
  readonly parts: readonly Token[];
  /** The words with dots in between. */
  readonly text: string;
}

/** A number, as it is spelled. */
export interface NumberNode extends Span {
  readonly kind: "number";
  /** With its sign, without spaces: `-0x10`, `1.5e3`. */
  readonly text: string;
}

/** A text in quotes. */
export interface StringNode extends Span {
  readonly kind: "string";
  /** What it stands for, escapes resolved. */
  readonly text: string;
}

/** `true`, `false`, `default`, a constant, a value of an enum. */
export interface ReferenceNode extends Span {
  readonly kind: "reference";
  readonly name: NameNode;
}

/** What may stand where a value is expected. */
export type ConstantNode = NumberNode | StringNode | ReferenceNode;

/** One attribute of `[...]`. */
export interface AttributeNode extends Span {
  readonly name: Token;
  /** What stands behind `=`, several when there is `|` or `&` between them. */
  readonly values: readonly ConstantNode[];
  /** What stands between the values, when there are several. */
  readonly joint: "|" | "&" | undefined;
}

/** A type that is a name: built in or declared. Also `handle` alone. */
export interface NamedTypeNode extends Span {
  readonly kind: "named";
  /** The name with single spaces and dots: `string`, `unsigned int`, `std.Time`. */
  readonly name: string;
  /** The words of the name. */
  readonly parts: readonly Token[];
  readonly optional: boolean;
}

/** `array<T>` or `array<T, N>`. */
export interface ArrayTypeNode extends Span {
  readonly kind: "array";
  readonly item: TypeNode;
  /** The number behind the comma, as it is spelled. */
  readonly size: Token | undefined;
  readonly optional: boolean;
}

/** `map<K, V>`. */
export interface MapTypeNode extends Span {
  readonly kind: "map";
  readonly key: TypeNode;
  readonly value: TypeNode;
  readonly optional: boolean;
}

/** `stream<T>`. */
export interface StreamTypeNode extends Span {
  readonly kind: "stream";
  readonly item: TypeNode;
  readonly optional: boolean;
}

/** `handle<KIND>`. */
export interface HandleTypeNode extends Span {
  readonly kind: "handle";
  readonly of: Token;
  readonly optional: boolean;
}

/** The ends of an interface that can be sent. */
export type PendingKind =
  | "pending_remote"
  | "pending_receiver"
  | "pending_associated_remote"
  | "pending_associated_receiver";

/** `pending_remote<I>` and its like; also `I&`. */
export interface PendingTypeNode extends Span {
  readonly kind: "pending";
  readonly pending: PendingKind;
  readonly target: NameNode;
  readonly optional: boolean;
}

/** A type with an error in it, which has been reported. */
export interface ErrorTypeNode extends Span {
  readonly kind: "error";
}

/** A type. */
export type TypeNode =
  | NamedTypeNode
  | ArrayTypeNode
  | MapTypeNode
  | StreamTypeNode
  | HandleTypeNode
  | PendingTypeNode
  | ErrorTypeNode;

/** What every definition and item has. */
export interface ItemNode extends Span {
  /** Its first token, attributes included, which carries the comments. */
  readonly first: Token;
  readonly attributes: readonly AttributeNode[];
}

/** A field of a struct, a member of a union, a parameter, a value of a reply. */
export interface FieldNode extends ItemNode {
  readonly kind: "field";
  readonly type: TypeNode;
  /** Undefined when it was left out; only parameters may, elsewhere it has been reported. */
  readonly name: Token | undefined;
  /** The number behind `@`, as it is spelled. */
  readonly ordinal: Token | undefined;
  readonly default: ConstantNode | undefined;
}

/** `=> (...)`. */
export interface ValuesReplyNode extends Span {
  readonly kind: "values";
  readonly values: readonly FieldNode[];
}

/** `=> result<T, E>` or `=> result<(...), E>`. */
export interface ResultReplyNode extends Span {
  readonly kind: "result";
  readonly ok: TypeNode | readonly FieldNode[];
  readonly error: TypeNode;
}

/** `=> stream<T>`. */
export interface StreamReplyNode extends Span {
  readonly kind: "stream";
  readonly item: TypeNode;
}

/** What a method answers. */
export type ReplyNode = ValuesReplyNode | ResultReplyNode | StreamReplyNode;

/** A method. */
export interface MethodNode extends ItemNode {
  readonly kind: "method";
  readonly name: Token;
  readonly ordinal: Token | undefined;
  readonly parameters: readonly FieldNode[];
  /** Undefined for a method without a reply. */
  readonly reply: ReplyNode | undefined;
}

/** `event Name(...)`: from whoever implements the interface to whoever calls it. */
export interface EventNode extends ItemNode {
  readonly kind: "event";
  readonly name: Token;
  readonly ordinal: Token | undefined;
  readonly parameters: readonly FieldNode[];
}

/** A value of an enum or of bits. */
export interface EnumValueNode extends ItemNode {
  readonly name: Token;
  readonly value: ConstantNode | undefined;
}

/** An enum, or bits. */
export interface EnumNode extends ItemNode {
  readonly kind: "enum" | "bits";
  /** Undefined when it was left out, which has been reported. */
  readonly name: Token | undefined;
  /** The integer type behind `:`. */
  readonly base: NameNode | undefined;
  /** Undefined for `enum Name;`. */
  readonly values: readonly EnumValueNode[] | undefined;
}

/** A constant. */
export interface ConstNode extends ItemNode {
  readonly kind: "const";
  readonly type: TypeNode;
  readonly name: Token;
  readonly value: ConstantNode;
}

/** What may stand in an interface. */
export type InterfaceItemNode = MethodNode | EventNode | ConstNode | EnumNode;

/** An interface. */
export interface InterfaceNode extends ItemNode {
  readonly kind: "interface";
  /** Undefined when it was left out, which has been reported. */
  readonly name: Token | undefined;
  readonly items: readonly InterfaceItemNode[];
}

/** A struct. */
export interface StructNode extends ItemNode {
  readonly kind: "struct";
  /** Undefined when it was left out, which has been reported. */
  readonly name: Token | undefined;
  /** Undefined for `struct Name;`. */
  readonly items: readonly (FieldNode | ConstNode | EnumNode)[] | undefined;
}

/** A union. */
export interface UnionNode extends ItemNode {
  readonly kind: "union";
  /** Undefined when it was left out, which has been reported. */
  readonly name: Token | undefined;
  readonly members: readonly FieldNode[];
}

/** A feature: a named set of constants. */
export interface FeatureNode extends ItemNode {
  readonly kind: "feature";
  /** Undefined when it was left out, which has been reported. */
  readonly name: Token | undefined;
  readonly constants: readonly ConstNode[];
}

/** `alias Name = Type;`. */
export interface AliasNode extends ItemNode {
  readonly kind: "alias";
  readonly name: Token;
  readonly type: TypeNode;
}

/** What may stand at the top of a file. */
export type DefinitionNode =
  | InterfaceNode
  | StructNode
  | UnionNode
  | EnumNode
  | ConstNode
  | FeatureNode
  | AliasNode;

/** `module a.b;`. */
export interface ModuleNode extends ItemNode {
  readonly name: NameNode;
}

/** `import "path" as alias;`. */
export interface ImportNode extends ItemNode {
  /** What stands in the quotes. */
  readonly path: StringNode;
  readonly alias: Token | undefined;
}

/** A file. */
export interface FileNode {
  readonly tokens: readonly Token[];
  readonly module: ModuleNode | undefined;
  readonly imports: readonly ImportNode[];
  readonly definitions: readonly DefinitionNode[];
}
