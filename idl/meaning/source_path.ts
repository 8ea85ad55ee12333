/**
 * Paths of sources, with forward slashes. Nothing here looks at a disk.
 *
 * @module
 */

/** The path without `.`, and without `..` where that leads back: one file has one path. */
export function normalPath(path: string): string {
  const isAbsolute = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!isAbsolute) parts.push(part);
  }
  return `${isAbsolute ? "/" : ""}${parts.join("/")}` || ".";
}

/** Where `name` is in `folder`. */
export function pathIn(folder: string, name: string): string {
  return folder === "" || folder === "."
    ? normalPath(name)
    : normalPath(`${folder}/${name}`);
}

/** The folder that a path is in; empty for a name alone. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === 0 ? "/" : path.slice(0, Math.max(slash, 0));
}
