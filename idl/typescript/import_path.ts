/**
 * How one generated file names another.
 *
 * @module
 */

/** The path `to`, as a module at `from` imports it. Both are paths from one place, or both are absolute. */
export function relativePath(from: string, to: string): string {
  const here = segments(from), there = segments(to);
  here.pop();
  let shared = 0;
  while (
    shared < here.length && shared < there.length - 1 && here[shared] === there[shared]
  ) shared++;
  const up = here.slice(shared).map(() => "..");
  const path = [...up, ...there.slice(shared)].join("/");
  return path.startsWith("../") ? path : `./${path}`;
}

function segments(path: string): string[] {
  const found: string[] = [];
  for (const part of path.split(/[/\\]/)) {
    if (part === "." || part === "") continue;
    if (part === ".." && found.length > 0 && found.at(-1) !== "..") found.pop();
    else found.push(part);
  }
  return found;
}
