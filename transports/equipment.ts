/**
 * What a launcher has of what a child is started with besides its link.
 *
 * @module
 */
import type { Belongings } from "./belongings.ts";
import type { Birth } from "./birth_descriptors.ts";
import type { PermissionSet } from "./permissions.ts";
import type { ChildDirectory } from "./shared_file_child.ts";
import type { SpawnOptions } from "./spawn_options.ts";

/** What one child gets. Released once that has exited, or when it was not started. */
export class Equipment {
  readonly #directory: ChildDirectory | null;
  readonly #birth: Birth | null;

  private constructor(directory: ChildDirectory | null, birth: Birth | null) {
    this.#directory = directory;
    this.#birth = birth;
  }

  /** Makes what `options` ask for, and adds to `set` what using it takes. */
  static async of(
    set: PermissionSet | "inherit",
    { sharedFiles, descriptors }: SpawnOptions,
  ): Promise<Equipment> {
    // Nobody loads what it does not use.
    const [files, births] = await Promise.all([
      sharedFiles === undefined ? null : import("./shared_file_child.ts"),
      descriptors === undefined ? null : import("./birth_descriptors.ts"),
    ]);
    const birth = births === null ? null : new births.Birth(descriptors!);
    try {
      const directory = files === null ? null : new files.ChildDirectory(sharedFiles!);
      if (set !== "inherit") directory?.grant(set);
      return new Equipment(directory, birth);
    } catch (error) {
      birth?.close();
      throw error;
    }
  }

  /** The descriptors of this process that the child is to have, in their order. */
  get descriptors(): readonly number[] {
    return this.#birth?.numbers ?? [];
  }

  /**
   * The child is given everything, the descriptors from `first` on. Returns what it has to be told, if
   * anything.
   */
  handOver(first = 0): { readonly belongings?: Belongings } {
    const directory = this.#directory?.given, born = this.#birth?.bear(first);
    if (directory === undefined && born === undefined) return {};
    return {
      belongings: {
        ...(directory === undefined ? {} : { directory }),
        ...(born === undefined ? {} : { born }),
      },
    };
  }

  /** The child has its descriptors: they are closed here. Doing so twice does nothing. */
  close(): void {
    this.#birth?.close();
  }

  /** The child is gone. */
  release(): void {
    this.close();
    this.#birth?.release();
    this.#directory?.release();
  }
}
