/**
 * Finds what a name means at some place of a file.
 *
 * The nearest meaning counts: the definition around the place, then the file, then what is imported. An
 * imported name may be written with its module, with a part of it that the file's own module shares,
 * with the alias of the import, or bare when only one import has it.
 *
 * @module
 */
import type { Declaration, FileScope } from "./declaration.ts";
import type { DiagnosticList } from "../diagnostic.ts";
import { nearest } from "../suggest.ts";
import type { Span } from "../syntax/token.ts";

/** A file that another one imports. */
export interface ImportedFile {
  /** Undefined when it could not be loaded, which has been reported. */
  readonly scope: FileScope | undefined;
  readonly alias: string | undefined;
}

/** Longer names mean nothing. */
const MAX_NAME_PARTS = 32;

/** So many names altogether are compared with misspelt ones. */
const MAX_COMPARED_NAMES = 100_000;

/** Looks up the names of one file. */
export class NameLookup {
  readonly #own: FileScope;
  readonly #imports: readonly ImportedFile[];
  readonly #diagnostics: DiagnosticList;
  readonly #byAlias = new Map<string, FileScope>();
  readonly #byModule = new Map<string, FileScope[]>();
  readonly #used = new Set<FileScope>();
  readonly #bareNames = new Map<string, Declaration | undefined>();
  /** Whether a name that is not found may be one that an import failed to bring. */
  readonly isIncomplete: boolean;
  #compared = 0;

  /** Makes a lookup for the file whose names are in `own`. */
  constructor(
    own: FileScope,
    imports: readonly ImportedFile[],
    diagnostics: DiagnosticList,
  ) {
    this.#own = own;
    this.#imports = imports;
    this.#diagnostics = diagnostics;
    this.isIncomplete = imports.some(({ scope }) =>
      scope === undefined || scope.isBroken
    );
    for (const { scope, alias } of imports) {
      if (scope === undefined) continue;
      if (alias !== undefined) this.#byAlias.set(alias, scope);
      const same = this.#byModule.get(scope.module);
      if (same === undefined) this.#byModule.set(scope.module, [scope]);
      else same.push(scope);
    }
  }

  /** Whether a name of the file was found in `scope`. */
  hasUsed(scope: FileScope): boolean {
    return this.#used.has(scope);
  }

  /**
   * What `name` means inside of the definition `owner`. Reports a name that two imports have; one that
   * nobody has is for the caller to report.
   */
  find(name: string, owner: string, span: Span): Declaration | undefined {
    const parts = name.split(/\.|::/);
    if (parts.length > MAX_NAME_PARTS) return undefined;
    const dotted = parts.join(".");
    const own = (owner === "" ? undefined : this.#own.get(`${owner}.${dotted}`)) ??
      this.#own.get(dotted);
    if (own !== undefined) return own;
    const aliased = parts.length < 2
      ? undefined
      : this.#in(this.#byAlias.get(parts[0]!), parts.slice(1).join("."));
    return aliased ?? this.#partlyQualified(parts) ?? this.#bare(dotted, span);
  }

  #in(scope: FileScope | undefined, name: string): Declaration | undefined {
    const found = scope?.get(name);
    if (found !== undefined) this.#used.add(found.scope);
    return found;
  }

  /** As the name, or as the name behind one, two, ... of the words that the own module starts with. */
  #partlyQualified(parts: readonly string[]): Declaration | undefined {
    const module = this.#own.module === "" ? [] : this.#own.module.split(".");
    for (let kept = Math.min(module.length, MAX_NAME_PARTS); kept >= 0; kept--) {
      const full = [...module.slice(0, kept), ...parts];
      const found = this.#ownQualified(full) ?? this.#qualified(full);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #ownQualified(parts: readonly string[]): Declaration | undefined {
    if (this.#own.module === "") return undefined;
    const name = parts.join(".");
    const start = `${this.#own.module}.`;
    return name.startsWith(start) ? this.#own.get(name.slice(start.length)) : undefined;
  }

  #qualified(parts: readonly string[]): Declaration | undefined {
    for (let words = parts.length - 1; words >= 0; words--) {
      const scopes = this.#byModule.get(parts.slice(0, words).join("."));
      if (scopes === undefined) continue;
      const name = parts.slice(words).join(".");
      for (const scope of scopes) {
        const found = this.#in(scope, name);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  #bare(name: string, span: Span): Declaration | undefined {
    if (!this.#bareNames.has(name)) {
      this.#bareNames.set(name, this.#bareFirst(name, span));
    }
    return this.#bareNames.get(name);
  }

  #bareFirst(name: string, span: Span): Declaration | undefined {
    let found: Declaration | undefined;
    for (const { scope } of this.#imports) {
      const other = this.#in(scope, name);
      if (other === undefined || other === found) continue;
      if (found === undefined) {
        found = other;
        continue;
      }
      const [one, two] = [found, other].map(({ definition }) => definition.fullName);
      const how = one === two
        ? "import one of them 'as' something, and write it with that"
        : `write '${one}' or '${two}'`;
      this.#diagnostics.error(
        "MG0217",
        span,
        `'${name}' is in '${found.scope.path}' and in '${other.scope.path}'; ${how}`,
      );
      return found;
    }
    return found;
  }

  /** The name that is nearest to a misspelt one, among those that `isMeant` and among `others`. */
  nearest(
    name: string,
    owner: string,
    isMeant: (declaration: Declaration) => boolean,
    others: Iterable<string> = [],
  ): string | undefined {
    if (this.#diagnostics.isFull || this.#compared > MAX_COMPARED_NAMES) return undefined;
    return nearest(name, this.#candidates(name, owner, isMeant, others));
  }

  *#candidates(
    name: string,
    owner: string,
    isMeant: (declaration: Declaration) => boolean,
    others: Iterable<string>,
  ): Generator<string> {
    yield* others;
    const inner = `${owner}.`;
    for (const declaration of this.#own.all()) {
      // LIMIT: a hundred misspelt names in a file of many names.
      if (this.#compared++ > MAX_COMPARED_NAMES) return;
      if (!isMeant(declaration)) continue;
      yield declaration.name;
      if (owner !== "" && declaration.name.startsWith(inner)) {
        yield declaration.name.slice(inner.length);
      }
    }
    for (const { scope, alias } of this.#imports) {
      for (const declaration of scope?.all() ?? []) {
        if (this.#compared++ > MAX_COMPARED_NAMES) return;
        if (!isMeant(declaration)) continue;
        yield declaration.name;
        if (!name.includes(".")) continue;
        if (alias !== undefined) yield `${alias}.${declaration.name}`;
        yield declaration.definition.fullName;
      }
    }
  }
}
