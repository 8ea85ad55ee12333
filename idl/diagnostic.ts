/**
 * What the compiler has to say about a source: a stable code, a sentence and a place.
 *
 * Codes are never given a second meaning. MG00xx is about the text, MG01xx about leniency towards older
 * files, MG02xx about types and constants, MG03xx about names and attributes, MG04xx about versions.
 *
 * @module
 */
import type { Position, Span } from "./syntax/token.ts";

/** Whether a diagnostic keeps code from being generated. */
export type Severity = "error" | "warning";

/** A stable code. */
export type DiagnosticCode = `MG${string}`;

/** A second place that explains a diagnostic. */
export interface DiagnosticNote {
  /** What it has to say. */
  readonly message: string;
  /** Where it is. */
  readonly span: Span;
}

/** One finding. */
export interface Diagnostic {
  /** What was found, for programs. */
  readonly code: DiagnosticCode;
  /** How bad it is. */
  readonly severity: Severity;
  /** What was found, for people: without the place. */
  readonly message: string;
  /** Where it was found. */
  readonly span: Span;
  /** Other places that explain it. */
  readonly notes: readonly DiagnosticNote[];
}

/** What changes how the text around it is shown. */
const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** So many errors, and so many warnings, are kept; the rest is counted. A broken file can have millions. */
export const MAX_DIAGNOSTICS = 100;

/** Collects the findings of one file. */
export class DiagnosticList {
  readonly #errors = new BoundedList();
  readonly #warnings = new BoundedList();

  /** Adds an error. */
  error(
    code: DiagnosticCode,
    span: Span,
    message: string,
    ...notes: DiagnosticNote[]
  ): void {
    this.#errors.add({ code, severity: "error", message, span, notes });
  }

  /** Adds a warning. */
  warning(code: DiagnosticCode, span: Span, message: string): void {
    this.#warnings.add({ code, severity: "warning", message, span, notes: [] });
  }

  /** Whether there is any error. */
  get hasErrors(): boolean {
    return this.#errors.kept.length > 0;
  }

  /** Whether further errors are only counted, so that work on their wording is wasted. */
  get isFull(): boolean {
    return this.#errors.kept.length >= MAX_DIAGNOSTICS;
  }

  /** What was found, in the order of the source. */
  sorted(): Diagnostic[] {
    return [...this.#errors.all(), ...this.#warnings.all()]
      .sort((a, b) => a.span.start.offset - b.span.start.offset);
  }
}

/** Findings of one severity. */
class BoundedList {
  readonly kept: Diagnostic[] = [];
  #dropped: Diagnostic | undefined;
  #droppedCount = 0;

  add(diagnostic: Diagnostic): void {
    // LIMIT: at most MAX_DIAGNOSTICS are kept.
    if (this.kept.length < MAX_DIAGNOSTICS) {
      this.kept.push(diagnostic);
    } else {
      this.#dropped ??= diagnostic;
      this.#droppedCount++;
    }
  }

  all(): Diagnostic[] {
    if (this.#dropped === undefined) return this.kept;
    const { severity, span } = this.#dropped;
    const what = this.#droppedCount === 1 ? severity : `${severity}s`;
    const message = `${this.#droppedCount} more ${what} from here on not shown`;
    return [...this.kept, { code: "MG0012", severity, message, span, notes: [] }];
  }
}

/**
 * The diagnostic as one line for programs: a JSON object with `path`, `code`, `severity`, `message`,
 * `start`, `end` and `notes`. Places have `offset`, `line` and `column` as in {@linkcode Position}.
 */
export function diagnosticJson(path: string, diagnostic: Diagnostic): string {
  const { code, severity, message, span, notes } = diagnostic;
  const json = JSON.stringify({
    path,
    code,
    severity,
    message,
    start: placeJson(span.start),
    end: placeJson(span.end),
    notes: notes.map(({ message, span }) => ({
      message,
      start: placeJson(span.start),
      end: placeJson(span.end),
    })),
  });
  // Lines of JSON end up in terminals too.
  return json.replace(
    UNPRINTABLE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Tokens are positions as well, so what belongs to a place is picked. */
function placeJson({ offset, line, column }: Position): Position {
  return { offset, line, column };
}

/** The widest part of a source line that is shown. */
const MAX_EXCERPT_UNITS = 160;

/** Prints diagnostics with the lines they are about. Splits the source into lines once. */
export class DiagnosticPrinter {
  readonly #path: string;
  readonly #lines: readonly string[];

  /** Makes a printer for `source`, which people know as `path`. */
  constructor(path: string, source: string) {
    this.#path = path;
    this.#lines = source.replace(/^\uFEFF/, "").split(/\r\n|[\n\r\u2028\u2029]/);
  }

  /** The diagnostic as text, without a newline at the end. */
  print(diagnostic: Diagnostic): string {
    const parts = [
      `${diagnostic.severity}[${diagnostic.code}]: ${diagnostic.message}`,
      ...this.#excerpt(diagnostic.span),
    ];
    for (const note of diagnostic.notes) {
      parts.push(`note: ${note.message}`, ...this.#excerpt(note.span));
    }
    return parts.map((line) => line.trimEnd()).join("\n");
  }

  #excerpt({ start, end }: Span): string[] {
    const line = this.#lines[start.line - 1] ?? "";
    const at = start.column - 1;
    const length = end.line === start.line ? end.column - start.column : line.length - at;
    // A line may be the whole file, so only what surrounds the place is shown.
    const from = line.length <= MAX_EXCERPT_UNITS
      ? 0
      : Math.max(0, at - MAX_EXCERPT_UNITS / 2);
    const shown = printable(line.slice(from, from + MAX_EXCERPT_UNITS));
    const before = printable(line.slice(from, at)).replace(/[^\t]/gu, " ");
    const marked = Math.max(1, Math.min(length, from + MAX_EXCERPT_UNITS - at));
    const carets = "^".repeat([...line.slice(at, at + marked)].length || 1);
    const number = `${start.line}`;
    const gutter = " ".repeat(number.length);
    return [
      `${gutter}--> ${this.#path}:${placeText(start)}`,
      `${gutter} |`,
      `${number} | ${shown}`,
      `${gutter} | ${before}${carets}`,
    ];
  }
}

function placeText(position: Position): string {
  return `${position.line}:${position.column}`;
}

/** Without what would move the cursor of a terminal: the source may come from anywhere. */
function printable(text: string): string {
  return text.replace(UNPRINTABLE, (char) => char === "\t" ? char : "\uFFFD");
}
