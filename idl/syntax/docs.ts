/**
 * Finds the comment that documents an item.
 *
 * `/** ... *\/` and `///` are meant as documentation. A block of plain `//` lines is taken for it too,
 * because that is how older files are written. In every case it must stand on lines of its own directly
 * above the item: a comment behind code belongs to the code before it.
 *
 * @module
 */
import type { Token, Trivia } from "./token.ts";

/** The text above the item that starts with `first`; empty when there is none. */
export function docsOf(first: Token): string {
  const { comments, block } = commentsAbove(first.leading, startsFile(first));
  if (block !== undefined) return blockText(block);
  const marked = comments.filter(isDocLine);
  const lines = (marked.length > 0 ? marked : comments)
    .filter((line) => !/^\/\/[\s/\-=*#~_+]*[/\-=*#~_+]{3,}\s*$/.test(line))
    .map((line) => line.replace(isDocLine(line) ? /^\/\/\/ ?/ : /^\/\/+ ?/, ""));
  return clean(lines);
}

/** Whether nothing but trivia precedes the token. */
function startsFile({ start, leading }: Token): boolean {
  return start.offset === leading.reduce((sum, { text }) => sum + text.length, 0);
}

function isDocLine(line: string): boolean {
  return line.startsWith("///") && !line.startsWith("////");
}

/** Walks upwards from the item until an empty line, code, or a comment of another sort. */
function commentsAbove(
  leading: readonly Trivia[],
  startsFile: boolean,
): { comments: string[]; block: string | undefined } {
  const comments: string[] = [];
  let newlines = 0;
  for (let i = leading.length - 1; i >= 0; i--) {
    const { kind, text } = leading[i]!;
    if (kind === "space") continue;
    if (kind === "newline") {
      if (++newlines > 1) break;
      continue;
    }
    if (newlines === 0 && kind === "line-comment") break;
    if (!standsAlone(leading, i, startsFile)) break;
    if (kind === "block-comment") {
      const isDoc = /^\/\*\*(?!\/)/.test(text) && comments.length === 0;
      return { comments: comments.reverse(), block: isDoc ? text : undefined };
    }
    comments.push(text);
    newlines = 0;
  }
  return { comments: comments.reverse(), block: undefined };
}

/** Whether nothing but space precedes the comment on its line. */
function standsAlone(
  leading: readonly Trivia[],
  index: number,
  startsFile: boolean,
): boolean {
  for (let i = index - 1; i >= 0; i--) {
    if (leading[i]!.kind === "newline") return true;
    if (leading[i]!.kind !== "space") return false;
  }
  // The file starts here, or the code of the line does.
  return startsFile;
}

function blockText(comment: string): string {
  const inner = comment.replace(/^\/\*\*[^\S\r\n]*/, "").replace(/\*\/$/, "");
  return clean(
    inner.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => line.replace(/^\s*\* ?/, "")),
  );
}

/** A text on one line that can stand in documentation. */
export function plainText(text: string): string {
  return clean([text]).trim();
}

function clean(lines: readonly string[]): string {
  return lines
    // TRUST: a comment may hold anything. Nothing in it may end the comment it is copied to, or make
    // the code around it look different from what it is.
    .map((line) =>
      line.replace(/[\p{Cc}\p{Bidi_Control}\uFEFF\uFFFE\uFFFF]/gu, " ").trimEnd()
    )
    .map((line) => line.replaceAll("*/", "*\\/"))
    .join("\n")
    .replace(/^\n+|\n+$/g, "");
}
