/**
 * Gives a tree its meaning, or says why it has none.
 *
 * First every definition gets a place, so that names lead somewhere; then enums, constants and aliases are
 * worked out, each when it is first needed; then everything else; then what can only be seen of all
 * together. An item with an error is still checked against the others, and what leads to something that
 * has been reported stays silent. Lookups go through maps, so the time is linear in the size of the file.
 *
 * @module
 */
import type { Place } from "./attribute_table.ts";
import { AttributeReader } from "./attributes.ts";
import { BoundsReader } from "./bounds.ts";
import { isBuiltinName } from "../builtin.ts";
import { checkBits, checkEnum } from "./check_enum.ts";
import { checkGraph } from "./check_graph.ts";
import { checkInterface } from "./check_interface.ts";
import { checkStruct, checkUnion } from "./check_struct.ts";
import { checkAlias, checkConst, checkFeature } from "./check_value.ts";
import {
  type Declaration,
  type DeclarationIndex,
  declarationOf,
  FileScope,
} from "./declaration.ts";
import type { DiagnosticList } from "../diagnostic.ts";
import { docsOf } from "../syntax/docs.ts";
import { deprecatedOf, type FileContext } from "./file_context.ts";
import type { Definition, Module, Origin } from "./model.ts";
import { NameClaims } from "./name_claims.ts";
import { NameLookup } from "./name_lookup.ts";
import { innerName, typeName } from "./naming.ts";
import { ConstantResolver } from "./resolve_constant.ts";
import { TypeResolver } from "./resolve_type.ts";
import type { Span } from "../syntax/token.ts";
import type {
  DefinitionNode,
  FieldNode,
  FileNode,
  ImportNode,
  InterfaceItemNode,
} from "../syntax/tree.ts";

/** How far a constant, an alias or an enum may lead to others that are written behind it. */
const MAX_FORWARD_DEPTH = 100;

/** What all files of a program share. */
export interface ProgramContext {
  readonly features: ReadonlySet<string>;
  readonly index: DeclarationIndex;
  readonly resources: Set<Definition>;
}

/** An import, and what it led to. */
export interface ResolvedImport {
  readonly node: ImportNode;
  /** The file; undefined when it could not be loaded, which has been reported. */
  readonly scope: FileScope | undefined;
}

/** What is known about a file before it is checked. */
export interface CheckInput {
  readonly file: FileNode;
  readonly origin: Origin;
  readonly imports: readonly ResolvedImport[];
  readonly program: ProgramContext;
}

/** What a file turned out to mean. */
export interface CheckedFile {
  readonly scope: FileScope;
  /** Only worth something when there was no error, here or in what is imported. */
  readonly module: Module;
}

/** Checks a file, after those that it imports. */
export function check(input: CheckInput, diagnostics: DiagnosticList): CheckedFile {
  const checked = new Checker(input, diagnostics).run();
  checked.scope.isBroken = diagnostics.hasErrors ||
    input.imports.some(({ scope }) => scope === undefined || scope.isBroken);
  return checked;
}

class Checker {
  readonly #input: CheckInput;
  readonly #scope: FileScope;
  readonly #context: FileContext;
  readonly #diagnostics: DiagnosticList;
  readonly #declarations: Declaration[] = [];
  readonly #sameModule: readonly ResolvedImport[];
  #depth = 0;

  constructor(input: CheckInput, diagnostics: DiagnosticList) {
    const { file, origin, program } = input;
    this.#input = input;
    this.#diagnostics = diagnostics;
    const attributes = new AttributeReader(program.features, diagnostics);
    const imports = input.imports.map(({ node, scope }) => ({
      scope,
      alias: node.alias?.text,
    }));
    this.#scope = new FileScope(origin.path, file.module?.name.text ?? "");
    this.#sameModule = input.imports
      .filter(({ scope }) => scope?.module === this.#scope.module);
    const names = new NameLookup(this.#scope, imports, diagnostics);
    const { index, resources } = program;
    const constants = new ConstantResolver(names, index, this, diagnostics);
    this.#context = {
      diagnostics,
      isComplete: !diagnostics.hasErrors,
      names,
      attributes,
      types: new TypeResolver(names, this, diagnostics),
      constants,
      bounds: new BoundsReader(constants, diagnostics),
      exports: new NameClaims(diagnostics),
      index,
      resources,
      spans: new Map(),
      structDefaults: [],
      unresolved: new Set(),
    };
  }

  run(): CheckedFile {
    const { file, origin } = this.#input;
    const { attributes } = this.#context;
    if (file.module !== undefined) attributes.read(file.module, "module");
    for (const node of attributes.enabled(file.definitions)) {
      const declaration = this.#declare(node, undefined);
      if (node.kind !== "struct" && node.kind !== "interface") continue;
      const items: readonly (InterfaceItemNode | FieldNode)[] = node.items ?? [];
      for (const item of attributes.enabled(items)) {
        if (item.kind === "const" || item.kind === "enum" || item.kind === "bits") {
          this.#declare(item, declaration);
        }
      }
    }
    this.#checkAliasNames();
    for (const declaration of this.#declarations) this.complete(declaration);
    for (const declaration of this.#declarations) this.#check(declaration);
    checkGraph(this.#context, this.#declarations);
    this.#checkImports();
    const module: Module = {
      ...origin,
      fileName: origin.path.replace(/^.*[/\\]/s, ""),
      name: this.#scope.module,
      definitions: this.#declarations.map(({ definition }) => definition),
    };
    return { scope: this.#scope, module };
  }

  /** Makes a place for a definition, and takes its names. */
  #declare(
    node: DefinitionNode,
    outer: Declaration | undefined,
  ): Declaration {
    const word = node.name;
    const place: Place = node.kind === "const" ? "constant" : node.kind;
    const attributes = this.#context.attributes.read(node, place);
    const owner = outer?.name ?? "";
    const inner = word?.text ?? "";
    const name = owner === "" ? inner : `${owner}.${inner}`;
    const span: Span = word ?? node;
    const isBuiltin = isBuiltinName(inner);
    if (isBuiltin) {
      const message = `'${inner}' is the name of a built-in type; choose another`;
      this.#diagnostics.error("MG0201", span, message);
    }
    const taken = `'${name}' is already defined; choose another name`;
    const isNew = word !== undefined && !isBuiltin && outer?.isNew !== false &&
      this.#context.exports.declare(name, span, "MG0202", taken);
    const tsName = this.#tsName(inner, outer, span, isNew);
    const { module } = this.#scope;
    const fullName = module === "" ? name : `${module}.${name}`;
    if (isNew) {
      this.#context.exports.claim(tsName, `'${name}'`, span);
      this.#checkShadowing(fullName, span);
    }
    const named = {
      origin: this.#input.origin,
      name,
      fullName,
      tsName,
      docs: docsOf(node.first),
      ...deprecatedOf(attributes),
      isStable: attributes.has("Stable"),
    };
    const declaration = declarationOf(node, named, {
      name,
      span,
      owner,
      isNew,
      attributes,
      scope: this.#scope,
      state: "new",
    });
    this.#declarations.push(declaration);
    this.#context.index.set(declaration.definition, declaration);
    if (isNew) this.#scope.add(declaration);
    return declaration;
  }

  #tsName(
    name: string,
    outer: Declaration | undefined,
    span: Span,
    isNew: boolean,
  ): string {
    if (outer !== undefined) return innerName(outer.definition.tsName, name);
    return isNew ? this.#context.exports.chosen(typeName(name), span) : name;
  }

  /** A name of the same module in another file would be the same name. */
  #checkShadowing(fullName: string, span: Span): void {
    const name = this.#scope.module === ""
      ? fullName
      : fullName.slice(this.#scope.module.length + 1);
    const other = this.#sameModule.find(({ scope }) => scope!.get(name) !== undefined);
    if (other === undefined) return;
    const message =
      `'${fullName}' is already defined in '${other.scope!.path}', which is ` +
      "imported; choose another name, or another module";
    this.#diagnostics.error("MG0202", span, message, {
      message: "imported here",
      span: other.node.path,
    });
  }

  /** The alias of an import is a name of the file. */
  #checkAliasNames(): void {
    for (const { node } of this.#input.imports) {
      if (node.alias === undefined) continue;
      const { text: name } = node.alias;
      const taken = `'${name}' is already defined; choose another name for the import`;
      this.#context.exports.declare(name, node.alias, "MG0202", taken);
    }
  }

  /** Works out an enum, bits, a constant or an alias, unless that is under way or done. */
  complete(declaration: Declaration, from: Span = declaration.span): void {
    if (declaration.state !== "new") return;
    if (this.#depth >= MAX_FORWARD_DEPTH) {
      const message = `this leads to '${declaration.name}' through more than ` +
        `${MAX_FORWARD_DEPTH} others that are defined further below; move those up`;
      this.#diagnostics.error("MG0011", from, message);
      declaration.state = "failed";
      return;
    }
    // LIMIT: this recursion.
    this.#depth++;
    declaration.state = "open";
    declaration.state = this.#workOut(declaration) ? "done" : "failed";
    this.#depth--;
  }

  #workOut(declaration: Declaration): boolean {
    switch (declaration.kind) {
      case "enum":
        return checkEnum(this.#context, declaration);
      case "bits":
        return checkBits(this.#context, declaration);
      case "const":
        return checkConst(this.#context, declaration);
      case "alias":
        return checkAlias(this.#context, declaration);
      default:
        return true;
    }
  }

  #check(declaration: Declaration): void {
    switch (declaration.kind) {
      case "interface":
        return checkInterface(this.#context, declaration);
      case "struct":
        return checkStruct(this.#context, declaration);
      case "union":
        return checkUnion(this.#context, declaration);
      case "feature":
        return checkFeature(this.#context, declaration);
      case "enum":
        if (declaration.isNew && declaration.attributes.has("Extensible")) {
          const { tsName } = declaration.definition;
          const what = `what makes '${declaration.name}' known`;
          this.#context.exports.claim(`known${tsName}`, what, declaration.span);
        }
    }
  }

  #checkImports(): void {
    const { names, attributes } = this.#context;
    const seen = new Map<FileScope, ImportNode>();
    for (const { node, scope } of this.#input.imports) {
      attributes.read(node, "import");
      if (scope === undefined) continue;
      const first = seen.get(scope);
      if (first !== undefined) {
        const message = `'${node.path.text}' is imported already; remove this import`;
        this.#diagnostics.warning("MG0213", node, message);
      } else if (
        !names.hasUsed(scope) && !scope.isBroken && !this.#diagnostics.hasErrors &&
        // What is left out may use it.
        !attributes.hasLeftOut
      ) {
        const message =
          `unused import: nothing of '${node.path.text}' is used; remove it`;
        this.#diagnostics.warning("MG0213", node, message);
      }
      seen.set(scope, node);
    }
  }
}
