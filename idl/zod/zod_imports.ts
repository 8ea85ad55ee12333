/**
 * What a generated file of schemas imports.
 *
 * @module
 */
import { type EmitOptions, FileNames, RUNTIME } from "../typescript/file_names.ts";
import { quoted } from "../typescript/literal.ts";
import type { Interface, Module, Origin, Struct, Union } from "../meaning/model.ts";
import { ForeignNames, ImportNames, type NameScope } from "../typescript/name_scope.ts";

/** Where the schemas are, of a file whose types are at `path`, or imported from there. */
function schemasOf(path: string): string {
  return path.endsWith(".ts") ? path.replace(/\.ts$/, ".zod.ts") : `${path}/zod`;
}

/** The imports that turn out to be used. */
export class ZodImports {
  /** What is imported from the runtime. */
  readonly runtime: ImportNames;
  readonly #names: FileNames;
  readonly #scope: NameScope;
  readonly #foreign: ForeignNames;
  /** The names that stand for whole modules of types, by where these are. */
  readonly #types = new Map<string, string>();

  /** Makes names that stay clear of those in `scope`. */
  constructor(module: Module, options: EmitOptions, scope: NameScope) {
    this.#names = new FileNames(module, options);
    this.#scope = scope;
    this.runtime = new ImportNames(scope);
    this.#foreign = new ForeignNames(scope);
  }

  /** Whether something is of the file that this is generated from. */
  isHere(origin: Origin): boolean {
    return this.#names.isHere(origin);
  }

  /** The type `name` of a file. Types are under the name of their module, and so never in the way. */
  type(origin: Origin, name: string): string {
    const path = this.#names.specifierOf(origin);
    let types = this.#types.get(path);
    if (types === undefined) {
      types = this.#scope.name("types", path);
      this.#types.set(path, types);
    }
    return `${types}.${name}`;
  }

  /** The type of what is sent for a definition of this file. */
  wireType(node: Struct | Union): string {
    return this.type(node.origin, this.#names.wireTypeName(node));
  }

  /** The type of the events of an interface of this file. */
  eventsType(node: Interface): string {
    const { origin, tsName } = node;
    return this.type(origin, this.#names.own("events", tsName, `${tsName}_Events`));
  }

  /** The schema `name` of another file. */
  schema(origin: Origin, name: string): string {
    return this.#foreign.name(schemasOf(this.#names.specifierOf(origin)), name, false);
  }

  /** What has `toWire`. */
  map({ typeMap }: Struct | Union): string {
    const { specifier, name } = typeMap!;
    const beside = this.#names.besideOutput(specifier);
    return this.#foreign.name(beside, name, false, `$${name}`);
  }

  /** The statements. */
  lines(): string[] {
    const types = [...this.#types].sort(([a], [b]) => a < b ? -1 : 1);
    const runtime = { specifier: RUNTIME, names: this.runtime.list() };
    return [
      'import { z } from "zod";',
      ...types.map(([path, name]) => `import type * as ${name} from ${quoted(path)};`),
      ...[runtime, ...this.#foreign.list()].filter(({ names }) => names.length > 0).map(
        ({ specifier, names }) => {
          const areTypes = names.every(({ isType }) => isType);
          const list = names.map(({ name, alias, isType }) =>
            `${isType && !areTypes ? "type " : ""}${
              alias === undefined ? name : `${name} as ${alias}`
            }`
          );
          const what = `${areTypes ? "type " : ""}{ ${list.join(", ")} }`;
          return `import ${what} from ${quoted(specifier)};`;
        },
      ),
    ];
  }
}
