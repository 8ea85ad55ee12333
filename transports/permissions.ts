/**
 * Permissions as data: what a child is given, as the flags of its command line, and what this process
 * lacks, as the flags to add.
 *
 * @module
 */
import { PermissionError } from "../core/errors.ts";

/**
 * What a child may do, by kind of permission: `true` for everything, or a list. What is not named is
 * refused without asking. `run` and `ffi` leave the sandbox: whoever has one can do anything.
 */
export interface ChildPermissions {
  /** Files and directories to read. */
  readonly read?: true | readonly (string | URL)[];
  /** Files and directories to write. */
  readonly write?: true | readonly (string | URL)[];
  /** Hosts to reach or to listen on, with a port or without: `example.com:443`. */
  readonly net?: true | readonly string[];
  /** Environment variables. They are empty unless `env` sets them. */
  readonly env?: true | readonly string[];
  /** System information, such as `hostname`. */
  readonly sys?: true | readonly string[];
  /** Programs to run. */
  readonly run?: true | readonly string[];
  /** Libraries to load. */
  readonly ffi?: true | readonly (string | URL)[];
  /** Hosts to import code from. */
  readonly import?: true | readonly string[];
}

const KINDS = ["read", "write", "net", "env", "sys", "run", "ffi", "import"] as const;

/** The kind of a permission. */
export type PermissionKind = typeof KINDS[number];

/** Permissions with every list in text form. */
export type PermissionSet = { [K in PermissionKind]?: true | string[] };

/** Checks what a caller gave and makes text of it. */
export function permissionSet(given: ChildPermissions): PermissionSet {
  if (typeof given !== "object" || given === null) {
    throw new TypeError(`Option 'permissions' must be an object: received ${given}`);
  }
  const set: PermissionSet = {};
  for (const [key, value] of Object.entries(given)) {
    if (!(KINDS as readonly string[]).includes(key)) {
      throw new TypeError(
        `Unknown permission '${key}': it must be one of ${KINDS.join(", ")}`,
      );
    }
    const kind = key as PermissionKind;
    if (value === undefined || value === false) continue;
    if (value === true) {
      set[kind] = true;
      continue;
    }
    if (!Array.isArray(value)) {
      throw new TypeError(
        `Permission '${kind}' must be true or a list: received ${typeof value}`,
      );
    }
    if (value.length > 0) set[kind] = value.map((entry) => entryText(kind, entry));
  }
  return set;
}

function entryText(kind: PermissionKind, entry: unknown): string {
  const text = entry instanceof URL ? filePath(entry) : entry;
  // deno-lint-ignore no-control-regex
  if (typeof text !== "string" || text === "" || /[\0-\x1f]/.test(text)) {
    throw new TypeError(
      `Permission '${kind}' must list non-empty strings: received ${entry}`,
    );
  }
  // Deno separates entries by commas and has no way to write one: it would grant something else.
  if (text.includes(",")) {
    throw new TypeError(
      `Permission '${kind}' cannot name what has a comma in it: received ${text}`,
    );
  }
  return text;
}

/** Adds `entries` to what the set has for `kind`. */
export function addPermission(
  set: PermissionSet,
  kind: PermissionKind,
  entries: string[],
): void {
  const has = set[kind];
  if (has !== true) set[kind] = [...(has ?? []), ...entries];
}

/** The flags that grant the set and nothing else. */
export function permissionFlags(set: PermissionSet): string[] {
  const flags: string[] = [];
  for (const kind of KINDS) {
    const value = set[kind];
    if (value === undefined) continue;
    const list = value === true ? "" : `=${value.join(",")}`;
    flags.push(`--allow-${kind}${list}`);
  }
  return flags;
}

/**
 * The flags that refuse every kind of which the set grants nothing. They change nothing for a process that
 * may not ask, but say it. Importing is left as it is: refused altogether, it would refuse a program the
 * code that it is made of and that lies in the cache.
 */
export function denialFlags(set: PermissionSet): string[] {
  return KINDS.filter((kind) => set[kind] === undefined && kind !== "import")
    .map((kind) => `--deny-${kind}`);
}

/** Throws, naming the flags to add, unless this process has every one of `needed`. */
export function requirePermissions(
  what: string,
  needed: readonly (Deno.PermissionDescriptor & { readonly name: PermissionKind })[],
): void {
  const missing: PermissionSet = {};
  for (const permission of needed) {
    if (Deno.permissions.querySync(permission).state === "granted") continue;
    const detail = "path" in permission
      ? permission.path
      : "host" in permission
      ? permission.host
      : "command" in permission
      ? permission.command
      : undefined;
    if (detail === undefined) missing[permission.name] = true;
    else addPermission(missing, permission.name, [String(detail)]);
  }
  const flags = permissionFlags(missing);
  if (flags.length > 0) throw new PermissionError(what, flags);
}

/** The path of a file URL; text as it is. */
export function filePath(file: string | URL): string {
  if (typeof file === "string") {
    return file.startsWith("file:") ? filePath(new URL(file)) : file;
  }
  if (!(file instanceof URL)) {
    throw new TypeError(`Must be a path or a file URL: received ${file}`);
  }
  if (file.protocol !== "file:") {
    throw new TypeError(`Must be a file URL: received ${file}`);
  }
  if (file.search !== "" || file.hash !== "") {
    throw new TypeError(
      `Must be a file URL without query and fragment: received ${file}`,
    );
  }
  return decodeURIComponent(file.pathname);
}
