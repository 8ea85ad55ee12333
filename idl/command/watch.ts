/**
 * Builds again whenever a source changes, until Ctrl-C.
 *
 * @module
 */
import type { Build, BuildSettings } from "./build.ts";
import { cleanPath, isFolder, isMagen, PathError } from "./paths.ts";
import { folderOf } from "../meaning/source_path.ts";

/** Builds, and again after each change. Returns after Ctrl-C. */
export async function watch(build: Build, settings: BuildSettings): Promise<void> {
  const { paths, roots, quiet, json } = settings;
  const folders = new WatchedFolders();
  const stop = () => folders.close();
  Deno.addSignalListener("SIGINT", stop);
  try {
    // ORDER: watched before they are read, so that no change falls in between.
    for (const path of [...paths, ...roots]) {
      if (await isFolder(path)) folders.add(cleanPath(path), true);
      else folders.add(folderOf(cleanPath(path)) || ".", false);
    }
    do {
      try {
        await build.run();
      } catch (error) {
        // The next change may mend it.
        if (!(error instanceof PathError)) throw error;
        console.error(`error: ${error.message}`);
      }
      for (const source of build.sources) folders.add(folderOf(source) || ".", false);
      if (!quiet && !json) console.log("watching");
    } while (await folders.change());
  } finally {
    Deno.removeSignalListener("SIGINT", stop);
    folders.close();
  }
}

/** Folders in which something may change. */
class WatchedFolders {
  readonly #watchers: Deno.FsWatcher[] = [];
  readonly #flat = new Set<string>();
  readonly #deep: string[] = [];
  #hasChanged = false;
  #isClosed = false;
  #wake: (() => void) | undefined;

  /** Watches a folder, with those in it when it `isDeep`, unless that is watched already. */
  add(folder: string, isDeep: boolean): void {
    const isCovered = this.#deep.some((outer) =>
      outer === folder || folder.startsWith(outer === "/" ? outer : `${outer}/`) ||
      (outer === "." && !/^(?:\/|\.\.(?:\/|$))/.test(folder))
    );
    if (this.#isClosed || isCovered || (!isDeep && this.#flat.has(folder))) return;
    if (isDeep) this.#deep.push(folder);
    else this.#flat.add(folder);
    let watcher: Deno.FsWatcher;
    try {
      watcher = Deno.watchFs(folder, { recursive: isDeep });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new PathError(`Cannot watch ${folder}: ${why}`);
    }
    this.#watchers.push(watcher);
    this.#follow(watcher);
  }

  /** Waits for a change since the last one. Returns false when there will be none. */
  async change(): Promise<boolean> {
    while (!this.#hasChanged && !this.#isClosed) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    this.#hasChanged = false;
    return !this.#isClosed;
  }

  /** Ends all waiting. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const watcher of this.#watchers) watcher.close();
    this.#wake?.();
  }

  async #follow(watcher: Deno.FsWatcher): Promise<void> {
    for await (const { kind, paths } of watcher) {
      // What is read is accessed, and what is written is no source.
      if (kind === "access" || !paths.some(mayLeadToSource)) continue;
      this.#hasChanged = true;
      this.#wake?.();
    }
  }
}

/** Whether it is a source, or a folder, which has come or gone with what is in it. */
function mayLeadToSource(path: string): boolean {
  return isMagen(path) || !/\.[^/\\]*$/.test(path);
}
