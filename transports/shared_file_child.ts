/**
 * The directory that a launcher makes for one child, so that the two can give each other files.
 *
 * @module
 */
import { addPermission, type PermissionSet, requirePermissions } from "./permissions.ts";
import type { GivenDirectory } from "./belongings.ts";
import { giveDirectory } from "./directory_door.ts";
import { PrivateDirectory } from "./private_directory.ts";

/** Gone once the child has exited. */
export class ChildDirectory {
  /** What the child is told of it. */
  readonly given: GivenDirectory;
  readonly #directory: PrivateDirectory;
  readonly #takeBack: () => void;

  /** Makes one among the temporary files, or in the directory `where`. */
  constructor(where: true | string) {
    const path = where === true ? {} : { path: where };
    requirePermissions("Starting a child with 'sharedFiles'", [
      { name: "read", ...path },
      { name: "write", ...path },
    ]);
    this.#directory = new PrivateDirectory(where);
    const { path: made } = this.#directory;
    try {
      if (made.includes(",")) {
        throw new TypeError(
          `Cannot make a directory for 'sharedFiles' in '${made}': it has a comma, at which Deno would take it apart`,
        );
      }
      for (const part of ["ro", "rw"]) Deno.mkdirSync(`${made}/${part}`, { mode: 0o700 });
    } catch (error) {
      this.#directory.remove();
      throw error;
    }
    this.given = { path: made, id: crypto.getRandomValues(new Uint8Array(16)) };
    this.#takeBack = giveDirectory(this.given);
  }

  /** Adds to `set` what the child may do there. */
  grant(set: PermissionSet): void {
    const { path } = this.given;
    addPermission(set, "read", [`${path}/ro`, `${path}/rw`]);
    addPermission(set, "write", [`${path}/rw`]);
  }

  /** The child has exited, or was not started. */
  release(): void {
    this.#takeBack();
    this.#directory.remove();
  }
}
