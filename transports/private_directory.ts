/**
 * A directory that nobody else may enter, and that goes when this process does.
 *
 * @module
 */

/** Made of mode 700, under a name that nobody has. Whoever makes it removes it. */
export class PrivateDirectory {
  /** Where it is. */
  readonly path: string;
  #isRemoved = false;

  /** Makes one among the temporary files, or in the directory `where`. Throws as the system does. */
  constructor(where: true | string) {
    this.path = Deno.makeTempDirSync({
      prefix: "mage-",
      ...(where === true ? {} : { dir: where }),
    });
    addEventListener("unload", this.#leave);
  }

  /** This process exits without waiting for anybody. A worker is told of no such thing. */
  readonly #leave = (): void => removeAll(this.path);

  /** Removes it with all that is in it. Doing so twice does nothing. */
  remove(): void {
    if (this.#isRemoved) return;
    this.#isRemoved = true;
    removeEventListener("unload", this.#leave);
    removeAll(this.path);
  }
}

/** Removes what is at `path`, if there is anything and it can be. */
export function removeAll(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch {
    // It is not there, as it should be.
  }
}

/**
 * Refuses what is no place for a private directory: others could put another one in its place. Returns it as
 * text.
 *
 * @throws {TypeError} naming `option`
 */
export function checkPlace(option: string, given: unknown): string {
  const text = given instanceof URL && given.protocol === "file:"
    ? decodeURIComponent(given.pathname)
    : given;
  if (typeof text !== "string" || !text.startsWith("/") || text.includes("\0")) {
    throw new TypeError(`Option '${option}' must be an absolute path: received ${given}`);
  }
  const read = { name: "read", path: text } as const;
  if (Deno.permissions.querySync(read).state !== "granted") return text;
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(text);
  } catch (cause) {
    throw new TypeError(
      `Option '${option}' must be a directory that exists: received ${text}`,
      { cause },
    );
  }
  if (!info.isDirectory) {
    throw new TypeError(`Option '${option}' must be a directory: received ${text}`);
  }
  const mode = info.mode ?? 0;
  // Where the sticky bit is set, as on /tmp, nobody can move what others have made.
  if ((mode & 0o022) !== 0 && (mode & 0o1000) === 0) {
    throw new TypeError(
      `Option '${option}' must be a directory that others may not write to: received ${text} of mode ${
        (mode & 0o7777).toString(8)
      }`,
    );
  }
  return text;
}
