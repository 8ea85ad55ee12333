/**
 * Names that generated code makes up, kept apart from those that a source brings.
 *
 * @module
 */
import type { EmittedImport } from "./emitted.ts";

/** The names of one scope of generated code. */
export class NameScope {
  readonly #taken: Set<string>;
  readonly #parent: NameScope | undefined;
  readonly #given = new Map<string, string>();

  /** Makes a scope in which the source uses the names `taken`. */
  constructor(taken: Iterable<string>, parent?: NameScope) {
    this.#taken = new Set(taken);
    this.#parent = parent;
  }

  /**
   * The name that stands for `wanted` here: the same one for every call with the same purpose. Steps aside
   * with `$`, which no name of a source can hold.
   */
  name(wanted: string, purpose = ""): string {
    const key = `${purpose} ${wanted}`;
    const known = this.#given.get(key);
    if (known !== undefined) return known;
    let name = wanted;
    while (this.#has(name)) name += "$";
    this.#given.set(key, name);
    this.#taken.add(name);
    return name;
  }

  #has(name: string): boolean {
    if (this.#taken.has(name)) return true;
    return this.#parent !== undefined && this.#parent.#has(name);
  }
}

/** The names that generated code imports: only those it turns out to use. */
export class ImportNames {
  readonly #scope: NameScope;
  readonly #used = new Map<string, boolean>();

  /** Makes names that stay clear of those in `scope`. */
  constructor(scope: NameScope) {
    this.#scope = scope;
  }

  /** Imports `name` for its type only, unless it is used as a value elsewhere. */
  type(name: string): string {
    if (!this.#used.has(name)) this.#used.set(name, true);
    return this.#scope.name(name);
  }

  /** Imports `name` as a value. */
  value(name: string): string {
    this.#used.set(name, false);
    return this.#scope.name(name);
  }

  /** What was used, in the order of the alphabet. */
  list(): { name: string; alias: string | undefined; isType: boolean }[] {
    return [...this.#used].map(([name, isType]) => {
      const local = this.#scope.name(name);
      return { name, alias: local === name ? undefined : local, isType };
    }).sort((a, b) => a.name < b.name ? -1 : 1);
  }
}

/** The names that generated code imports from anywhere but the runtime. */
export class ForeignNames {
  readonly #scope: NameScope;
  readonly #used = new Map<string, Map<string, { local: string; isType: boolean }>>();

  /** Makes names that stay clear of those in `scope`. */
  constructor(scope: NameScope) {
    this.#scope = scope;
  }

  /** What `name` of the module `specifier` is called here. It is called `wanted` if it can be. */
  name(specifier: string, name: string, isType: boolean, wanted: string = name): string {
    let names = this.#used.get(specifier);
    if (names === undefined) this.#used.set(specifier, names = new Map());
    const known = names.get(name);
    if (known !== undefined) {
      if (!isType) known.isType = false;
      return known.local;
    }
    const local = this.#scope.name(wanted, `${specifier} ${name}`);
    names.set(name, { local, isType });
    return local;
  }

  /** What was used, in the order of the alphabet. */
  list(): EmittedImport[] {
    return [...this.#used].sort(byName).map(([specifier, names]) => ({
      specifier,
      names: [...names].sort(byName).map(([name, { local, isType }]) => ({
        name,
        alias: local === name ? undefined : local,
        isType,
      })),
    }));
  }
}

function byName([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1;
}
