/**
 * Lays out statements on lines of a bearable length.
 *
 * @module
 */

/** What fits on a line at the depth that most statements are at. */
const MAX_LINE = 80;

/** Moves lines into a block. */
export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

/** Names between an opening and a closing, on one line or on a line each. */
export function listed(open: string, names: readonly string[], close: string): string[] {
  const line = `${open} ${names.join(", ")} ${close}`;
  return line.length <= MAX_LINE
    ? [line]
    : [open, ...names.map((name) => `  ${name},`), close];
}

/** A call that is an argument itself, so that a comma follows it. */
export function calling(name: string, values: readonly string[]): string[] {
  const line = `${name}(${values.join(", ")}),`;
  if (line.length <= MAX_LINE - 10) return [line];
  return [`${name}(`, ...values.map((value) => `  ${value},`), "),"];
}

/** Terms of a bitwise or as the only argument of a call, on one line or on a line each. */
export function alternatives(
  open: string,
  terms: readonly string[],
  close: string,
): string[] {
  if (terms.length === 1) return [open + terms[0]!.replace(/^\((.*)\)$/, "$1") + close];
  const line = open + terms.join(" | ") + close;
  if (line.length <= MAX_LINE - 4) return [line];
  const last = terms.length - 1;
  return [open, ...terms.map((term, i) => `  ${term}${i < last ? " |" : ","}`), close];
}

/** The lines of a call as one line, when that fits. */
export function oneLine(lines: readonly string[]): string[] {
  const line = lines.map((part) => part.trim()).join(" ")
    .replaceAll("( ", "(").replaceAll(", )", ")");
  return line.length <= MAX_LINE ? [line] : [...lines];
}

/** A comment that documents what follows. */
export function docComment(docs: string): string[] {
  if (!docs.includes("\n") && docs.length <= MAX_LINE) return [`/** ${docs} */`];
  return ["/**", ...docs.split("\n").map((line) => ` * ${line}`.trimEnd()), " */"];
}
