/**
 * Permissions of workers: as Deno takes them, and whether it takes them at all.
 *
 * @module
 */
import { type ChildProcess, fork } from "node:child_process";
import { InvitationError } from "../core/errors.ts";
import {
  permissionFlags,
  type PermissionKind,
  type PermissionSet,
} from "./permissions.ts";

/** What each kind of permission is for, as its descriptor calls it. */
const DETAIL: Readonly<Record<PermissionKind, string>> = {
  read: "path",
  write: "path",
  net: "host",
  env: "variable",
  sys: "kind",
  run: "command",
  ffi: "path",
  import: "host",
};

/** What `new Worker` takes: exactly the set. A kind that is not named would be inherited. */
export function workerPermissions(set: PermissionSet): Deno.PermissionOptionsObject {
  const permissions: Record<string, boolean | string[]> = {};
  for (const kind of Object.keys(DETAIL)) {
    permissions[kind] = set[kind as PermissionKind] ?? false;
  }
  return permissions;
}

/** The flags for what of the set this program lacks; all of the set when that cannot be told. */
export function missingFlags(set: PermissionSet): string[] {
  const missing: PermissionSet = {};
  for (const [name, detail] of Object.entries(DETAIL) as [PermissionKind, string][]) {
    const value = set[name];
    if (value === undefined || isGranted({ name })) continue;
    if (value === true) missing[name] = true;
    else {
      const lacking = value.filter((entry) => !isGranted({ name, [detail]: entry }));
      if (lacking.length > 0) missing[name] = lacking;
    }
  }
  const flags = permissionFlags(missing);
  return flags.length > 0 ? flags : permissionFlags(set);
}

function isGranted(permission: object): boolean {
  try {
    const { state } = Deno.permissions.querySync(permission as Deno.PermissionDescriptor);
    return state === "granted";
  } catch {
    return false; // A pattern, such as `*.example.com`, can be granted but not asked for.
  }
}

let available: boolean | null | undefined;

/**
 * Throws unless Deno takes permissions for a worker. It ends the whole process, beyond all catching, when
 * asked to without the option; so this has to be known before.
 */
export function requireWorkerOptions(script: string): void {
  available ??= workerOptions();
  if (available === true) return;
  const why = available === false
    ? "this program runs without it"
    : "it cannot be told whether this program runs with it";
  throw new InvitationError(
    "not-started",
    `Cannot start worker '${script}' with permissions of its own: Deno needs its option worker-options for that, and ${why}. Add --unstable-worker-options or, in deno.json, "unstable": ["worker-options"]; or pass permissions: "inherit", and the worker may do whatever this program may; or start a process instead`,
  );
}

/**
 * Whether the option is on; `null` when that cannot be told. Deno says so nowhere, but what it would start
 * by `fork` gets the options it has itself, each once. So an option that is on takes no more room when it
 * is given once more. Nothing is started: a byte that no argument may have ends it, with an error that says
 * where it is.
 */
function workerOptions(): boolean | null {
  const plain = positionAfter();
  if (plain === null || positionAfter("--unstable-mage-ipc") !== plain + 1) return null;
  const position = positionAfter("--unstable-worker-options");
  return position === plain ? true : position === plain + 1 ? false : null;
}

function positionAfter(...flags: string[]): number | null {
  const bad = { toString: () => "\0" } as string;
  let child: ChildProcess;
  try {
    child = fork("run", [...flags, bad], {
      execPath: "/dev/null/none",
      env: {},
      silent: true,
    });
  } catch (error) {
    const position = /'args\[(\d+)\]'/.exec((error as Error).message)?.[1];
    return position === undefined ? null : Number(position);
  }
  child.on("error", () => {}); // There is no such program.
  return null;
}
