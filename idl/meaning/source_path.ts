/**
 * Paths of sources and of what they become, with forward slashes. Nothing here looks at a disk.
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

/** The path `to`, as a module at `from` imports it. Both are paths from one place, or both are absolute. */
export function relativePath(from: string, to: string): string {
  const here = partsOf(from).slice(0, -1), there = partsOf(to);
  let shared = 0;
  while (
    shared < here.length && shared < there.length - 1 && here[shared] === there[shared]
  ) shared++;
  const up = here.slice(shared).map(() => "..");
  const path = [...up, ...there.slice(shared)].join("/");
  return path.startsWith("../") ? path : `./${path}`;
}

function partsOf(path: string): string[] {
  return normalPath(path.replaceAll("\\", "/")).split("/");
}
