/**
 * The command line and the environment of a child: what it is given, and nothing else.
 *
 * @module
 */
import { InvitationError } from "../core/errors.ts";
import { filePath, permissionFlags, type PermissionSet } from "./permissions.ts";
import type { SpawnOptions } from "./spawn_options.ts";

/** Variables that Deno itself needs to find its caches, passed on where this process may read them. */
const INHERITED_ENV = ["DENO_DIR", "HOME", "XDG_CACHE_HOME"];

/** The flags of a child that is to hold exactly the permissions of `set`. */
export function childFlags(set: PermissionSet, options: SpawnOptions): string[] {
  // Without `--frozen` a child without any permission could change the lockfile of the project: Deno does,
  // for whatever it is asked to import.
  const flags = ["--no-prompt", "--cached-only", "--frozen", "--quiet"];
  if (options.config === false) flags.push("--no-config");
  else if (options.config !== undefined) {
    flags.push(`--config=${filePath(options.config)}`);
  }
  flags.push(...permissionFlags(set));
  return flags;
}

/** All of a child's environment. */
export function childEnvironment(options: SpawnOptions): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of INHERITED_ENV) {
    if (Deno.permissions.querySync({ name: "env", variable: name }).state !== "granted") {
      continue;
    }
    const value = Deno.env.get(name);
    if (value !== undefined) env[name] = value;
  }
  return { ...(Deno.noColor ? { NO_COLOR: "1" } : {}), ...env, ...options.env };
}

/** Refuses a runtime that is too old for a link, before it fails in some obscure way. */
export function checkRuntime(link: string, oldestMinor: number): void {
  const [major = 0, minor = 0] = Deno.version.deno.split(".").map(Number);
  if (
    Deno.build.os === "windows" || major < 2 || (major === 2 && minor < oldestMinor)
  ) {
    throw new InvitationError(
      "not-started",
      `Cannot start a child with link '${link}': it takes Deno 2.${oldestMinor} or later on Linux or macOS, this is Deno ${Deno.version.deno} on ${Deno.build.os}`,
    );
  }
}
