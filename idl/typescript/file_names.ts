/**
 * What everything is called in one generated file, and where it comes from.
 *
 * @module
 */
import type { CodecDefinition, CodecNames, CodecPlace } from "./codec_place.ts";
import type { EmittedImport } from "./emitted.ts";
import { relativePath } from "../meaning/source_path.ts";
import type {
  Definition,
  Event,
  Field,
  Method,
  Module,
  Origin,
  Struct,
  Union,
} from "../meaning/model.ts";
import { ForeignNames, ImportNames, NameScope } from "./name_scope.ts";
import { replyTypeName } from "../meaning/naming.ts";

/** The one module of the runtime that generated code imports. */
export const RUNTIME = "@mage/ipc/generated-v1";

/** How a file is emitted. */
export interface EmitOptions {
  /** Where the file generated from a source goes. Default: beside it, with `.ts` behind its name. */
  readonly outputPath?: ((sourcePath: string) => string) | undefined;
}

/** The names of one file. */
export class FileNames implements CodecNames, CodecPlace {
  /** Names at the top of the file. */
  readonly scope: NameScope;
  /** What is imported from the runtime. */
  readonly imports: ImportNames;
  /** What definitions are called: this. */
  readonly codecs: CodecNames = this;
  readonly #module: Module;
  readonly #types: NameScope;
  readonly #foreign: ForeignNames;
  readonly #outputPath: (sourcePath: string) => string;

  /** Makes names for the file generated from `module`. */
  constructor(module: Module, { outputPath = (path) => `${path}.ts` }: EmitOptions) {
    this.#module = module;
    this.#outputPath = outputPath;
    this.#types = new NameScope(exportedNames(module));
    // What parameters and fields are called hides what is outside of functions.
    this.scope = new NameScope(localNames(module), this.#types);
    this.imports = new ImportNames(this.scope);
    this.#foreign = new ForeignNames(this.scope);
  }

  /** A scope of a function in which `fields` are locals. */
  inner(fields: readonly Field[]): NameScope {
    return new NameScope(fields.map(({ tsName }) => tsName), this.#types);
  }

  /** The statements of a function that has such a scope can refer to this. */
  place(scope: NameScope): CodecPlace {
    return { scope, imports: this.imports, codecs: this };
  }

  /** The name of something at the top of the file that the generator makes up: a `part` of what is `of`. */
  own(part: string, of: string, wanted: string): string {
    return this.scope.name(wanted, `${part} of ${of}`);
  }

  /** See {@linkcode CodecNames.typeName}. */
  typeName(definition: Definition): string {
    return this.#named(definition, definition.tsName, true);
  }

  /** See {@linkcode CodecNames.read}. */
  read(definition: CodecDefinition): string {
    return this.#named(definition, `$read${definition.tsName}`, false);
  }

  /** See {@linkcode CodecNames.write}. */
  write(definition: CodecDefinition): string {
    return this.#named(definition, `$write${definition.tsName}`, false);
  }

  /** See {@linkcode CodecNames.wireTypeName}. */
  wireTypeName(definition: Struct | Union): string {
    return definition.typeMap === undefined
      ? this.typeName(definition)
      : this.own("wire type", definition.tsName, `${definition.tsName}_Wire`);
  }

  /** See {@linkcode CodecNames.mapName}. */
  mapName({ tsName, typeMap }: Struct | Union): string {
    const { specifier, name } = typeMap!;
    // Locals that the generator makes up start with a small letter.
    const wanted = /^[A-Z]/.test(name) ? name : `${tsName}$Map`;
    return this.#foreign.name(this.besideOutput(specifier), name, false, wanted);
  }

  /** All that was used from elsewhere: the runtime first. */
  imported(): EmittedImport[] {
    const runtime = this.imports.list(), foreign = this.#foreign.list();
    return runtime.length === 0
      ? foreign
      : [{ specifier: RUNTIME, names: runtime }, ...foreign];
  }

  #named({ origin }: { readonly origin: Origin }, name: string, isType: boolean): string {
    return this.isHere(origin)
      ? name
      : this.#foreign.name(this.specifierOf(origin), name, isType);
  }

  /** Whether something is of the file that this is generated from. */
  isHere({ path, specifier }: Origin): boolean {
    return path === this.#module.path && specifier === this.#module.specifier;
  }

  /** The module that is generated from a source, as one beside this imports it. */
  specifierOf(origin: Origin): string {
    const here = this.#outputPath(this.#module.path);
    if (this.isHere(origin)) return relativePath(here, here);
    return origin.specifier ?? relativePath(here, this.#outputPath(origin.path));
  }

  /** A module that the source names relative to itself, as what is generated here does. */
  besideOutput(specifier: string): string {
    if (!/^\.\.?\//.test(specifier)) return specifier;
    const { path } = this.#module, folder = path.replace(/[^/\\]*$/, "");
    return relativePath(this.#outputPath(path), `${folder}${specifier}`);
  }
}

/** What a source brings to the top of its file. */
function* exportedNames(module: Module): Iterable<string> {
  for (const node of module.definitions) {
    yield node.tsName;
    if (node.kind !== "interface") continue;
    for (const { name } of node.methods) yield replyTypeName(node.tsName, name);
  }
}

/** What a source calls parameters and fields. */
function* localNames(module: Module): Iterable<string> {
  for (const node of module.definitions) {
    if (node.kind === "struct") yield* tsNames(node.fields);
    if (node.kind !== "interface") continue;
    for (const item of [...node.methods, ...node.events]) {
      yield* tsNames(item.parameters);
      yield* tsNames(replyFields(item));
    }
  }
}

/** The values by name that a method answers with. */
export function replyFields(
  item: Event & Partial<Pick<Method, "reply">>,
): readonly Field[] {
  const { reply } = item;
  if (reply?.kind === "values") return reply.fields;
  return reply?.kind === "result" && Array.isArray(reply.ok)
    ? reply.ok as readonly Field[]
    : [];
}

function tsNames(fields: readonly Field[]): string[] {
  return fields.map(({ tsName }) => tsName);
}
