/**
 * Gives a tree its meaning, or says why it has none.
 *
 * Every rule is checked for every item; an item with an error is still checked against the others.
 * Lookups go through maps, so the time is linear in the size of the file.
 *
 * @module
 */
import { builtinOf } from "./builtin.ts";
import type { DiagnosticList } from "./diagnostic.ts";
import { docsOf } from "./docs.ts";
import { isReservedId, methodId } from "./method_id.ts";
import type { Field, Interface, Method, Module } from "./model.ts";
import { type ChosenName, memberName, typeName } from "./naming.ts";
import { TypeResolver } from "./resolve_type.ts";
import type { Span, Token } from "./token.ts";
import type { FileNode, InterfaceNode, MethodNode, ParameterNode } from "./tree.ts";

/** The name of the type that a method's reply has. */
export function replyTypeName(interfaceName: string, methodName: string): string {
  return `${interfaceName}_${methodName}_Reply`;
}

/** Checks a file. What it returns is only worth something when no error was added. */
export function check(
  file: FileNode,
  fileName: string,
  diagnostics: DiagnosticList,
): Module {
  const checker = new Checker(file, diagnostics);
  return {
    fileName,
    definitions: file.definitions.map((node) => checker.interface(node)),
  };
}

/** Names of one scope: what has them, and where it is. */
type Scope = Map<string, { readonly what: string; readonly span: Span }>;

class Checker {
  readonly #diagnostics: DiagnosticList;
  readonly #types: TypeResolver;
  readonly #declared: Scope = new Map();
  readonly #exported: Scope = new Map();

  constructor(file: FileNode, diagnostics: DiagnosticList) {
    this.#diagnostics = diagnostics;
    const interfaces = new Set(file.definitions.map((node) => node.name?.text ?? ""));
    this.#types = new TypeResolver(interfaces, diagnostics);
  }

  interface(node: InterfaceNode): Interface {
    const name = node.name?.text ?? "";
    const isBuiltin = builtinOf(name) !== undefined;
    const tsName = isBuiltin ? name : this.#chosen(typeName(name), node.name ?? node);
    const isNew = node.name !== undefined && this.#declare(node.name, tsName);
    const methods = this.#methods(node, name, tsName, isNew);
    return { kind: "interface", name, tsName, docs: docsOf(node.first), methods };
  }

  /** Takes the name of an interface. Returns whether it was free. */
  #declare(word: Token, tsName: string): boolean {
    const { text: name } = word;
    if (builtinOf(name) !== undefined) {
      this.#diagnostics.error("MG0201", word, `'${name}' is the name of a built-in type`);
    }
    const first = this.#declared.get(name);
    if (first !== undefined) {
      this.#diagnostics.error("MG0202", word, `'${name}' is already defined`, {
        message: "first defined here",
        span: first.span,
      });
      return false;
    }
    this.#declared.set(name, { what: `'${name}'`, span: word });
    this.#claim(this.#exported, tsName, `'${name}'`, word);
    return true;
  }

  #methods(
    node: InterfaceNode,
    owner: string,
    tsOwner: string,
    isNew: boolean,
  ): Method[] {
    const declared: Scope = new Map();
    const tsNames: Scope = new Map();
    const byId = new Map<number, string>();
    return node.items.map((item) => {
      const { text: name } = item.name;
      const id = methodId(owner, name);
      const tsName = this.#chosen(memberName(name), item.name);
      const first = declared.get(name);
      if (first !== undefined) {
        this.#diagnostics.error(
          "MG0302",
          item.name,
          `method '${name}' is already declared; overloading is not supported`,
          { message: "first declared here", span: first.span },
        );
      } else {
        declared.set(name, { what: `'${name}'`, span: item.name });
        this.#claim(tsNames, tsName, `'${name}'`, item.name);
        this.#checkId(byId, id, item);
        if (isNew && item.reply !== undefined && item.reply.length > 0) {
          const type = replyTypeName(tsOwner, name);
          this.#claim(this.#exported, type, `the reply of '${owner}.${name}'`, item.name);
        }
      }
      const parameters = this.#fields(item.parameters, "parameter");
      const reply = item.reply && this.#fields(item.reply, "reply value");
      return { name, tsName, id, docs: docsOf(item.first), parameters, reply };
    });
  }

  #checkId(byId: Map<number, string>, id: number, item: MethodNode): void {
    const { text: name } = item.name;
    const other = byId.get(id);
    byId.set(id, name);
    if (other !== undefined) {
      const message =
        `method ids of '${other}' and '${name}' collide; rename one of them`;
      this.#diagnostics.error("MG0305", item.name, message);
    } else if (isReservedId(id)) {
      const message = `the method id of '${name}' is reserved; rename the method`;
      this.#diagnostics.error("MG0305", item.name, message);
    }
  }

  #fields(nodes: readonly ParameterNode[], what: string): Field[] {
    const declared: Scope = new Map();
    const tsNames: Scope = new Map();
    return nodes.map((node, index): Field => {
      const name = node.name?.text ?? `arg${index}`;
      const span = node.name ?? node.type;
      if (node.name === undefined) {
        const message = `${what} has no name, calling it '${name}'`;
        this.#diagnostics.warning("MG0103", span, message);
      }
      const tsName = this.#chosen(memberName(name), span);
      const first = declared.get(name);
      if (first !== undefined) {
        this.#diagnostics.error("MG0301", span, `${what} '${name}' is already declared`, {
          message: "first declared here",
          span: first.span,
        });
      } else {
        declared.set(name, { what: `'${name}'`, span });
        this.#claim(tsNames, tsName, `'${name}'`, span);
      }
      return {
        name,
        tsName,
        docs: docsOf(node.first),
        ...this.#types.resolve(node.type),
      };
    });
  }

  /** Warns about a name that JavaScript owns. */
  #chosen({ name, taken }: ChosenName, span: Span): string {
    if (taken !== undefined) {
      const message = `'${taken}' has a meaning in JavaScript; it is renamed '${name}'`;
      this.#diagnostics.warning("MG0309", span, message);
    }
    return name;
  }

  /** Takes a TypeScript name, or reports who has it. */
  #claim(scope: Scope, tsName: string, what: string, span: Span): void {
    const other = scope.get(tsName);
    if (other === undefined) {
      scope.set(tsName, { what, span });
      return;
    }
    const message = `${other.what} and ${what} both become '${tsName}' in TypeScript`;
    this.#diagnostics.error("MG0308", span, message, {
      message: "the other one",
      span: other.span,
    });
  }
}
