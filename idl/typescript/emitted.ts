/**
 * The pieces of generated code that parts of the generator hand to each other.
 *
 * @module
 */

/** A function or method. */
export interface EmittedFunction {
  readonly name: string;
  readonly docs: string;
  readonly parameters: readonly string[];
  readonly returnType: string;
  readonly body: readonly string[];
}

/** A property of an interface. */
export interface EmittedProperty {
  readonly name: string;
  readonly docs: string;
  readonly type: string;
  readonly optional: boolean;
}

/** An interface, which is exported. */
export interface InterfaceStatement {
  readonly kind: "interface";
  readonly name: string;
  readonly docs: string;
  readonly methods: readonly EmittedFunction[];
  readonly properties: readonly EmittedProperty[];
}

/** A name for a type, which is exported. */
export interface TypeStatement {
  readonly kind: "type";
  readonly name: string;
  readonly docs: string;
  readonly type: readonly string[];
}

/** A constant, which is exported. */
export interface ConstStatement {
  readonly kind: "const";
  readonly name: string;
  readonly docs: string;
  readonly type: string | undefined;
  readonly value: readonly string[];
}

/** A class. */
export interface ClassStatement {
  readonly kind: "class";
  readonly name: string;
  readonly base: string;
  readonly implemented: string;
  /** What is handed to the base before the parameters, when the class has a constructor. */
  readonly construct:
    | { readonly first: string; readonly parameters: readonly Parameter[] }
    | undefined;
  readonly methods: readonly EmittedFunction[];
}

/** A parameter of a constructor. */
export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
}

/** A function. */
export interface FunctionStatement {
  readonly kind: "function";
  readonly isExported: boolean;
  readonly emitted: EmittedFunction;
}

/** What a file is made of. */
export type Statement =
  | InterfaceStatement
  | TypeStatement
  | ConstStatement
  | ClassStatement
  | FunctionStatement;

/** What a file has from another one. */
export interface EmittedImport {
  readonly specifier: string;
  readonly names: readonly {
    readonly name: string;
    readonly alias: string | undefined;
    readonly isType: boolean;
  }[];
}

/** All that one file becomes. */
export interface EmittedFile {
  readonly fileName: string;
  readonly imports: readonly EmittedImport[];
  readonly statements: readonly Statement[];
}
